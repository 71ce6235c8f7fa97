package dev.statecraft.lab.experiment.concurrency;

import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.Claim;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.Composed;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.Processors;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.RateStep;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.Series;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.ClaimStatus;
import dev.statecraft.lab.report.NumberFormats;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Checks common claims about the concurrency models against the measurements. Pure. */
public final class Claims {
  private static final String WAITING = "wait";
  private static final double WAIT_SECONDS = 0.1;
  private static final double MIN_FACTOR_OVER_POOL = 10;
  private static final double MAX_ITERATIVE_RATE = 10;
  private static final double MIN_PERCENT_OF_BEST = 80;
  private static final double MAX_REJECTION_MILLIS = 100;
  private static final double MAX_FAILED_SHARE = 0.01;
  /** With fewer, a percentile of 99 is the slowest request. */
  private static final int MIN_OVERLOAD_REQUESTS = 100;
  /** Below 1, because averages include the idle ends of a run and exclude the kernel's network processing. */
  private static final double MIN_SATURATED_SHARE = 0.75;

  private final List<Series> series;
  private final Processors processors;
  private final int maxInFlight;

  private Claims(List<Series> series, Processors processors, int maxInFlight) {
    this.series = series;
    this.processors = processors;
    this.maxInFlight = maxInFlight;
  }

  /** Every claim, in report order; {@code maxInFlight} bounds the models that threads do not limit. */
  public static List<Claim> of(List<Series> series, List<Composed> compositions, Processors processors,
      int maxInFlight) {
    Claims claims = new Claims(series, processors, maxInFlight);
    List<Claim> all = new ArrayList<>();
    all.add(claims.waitingOutscalesPool("virtual-threads"));
    all.add(claims.waitingOutscalesPool("event-loop"));
    all.add(claims.iterativeIsSlow());
    all.add(composed(compositions, "sequential",
        "Three sequential calls of 100 ms take about three times as long as one", 2.6, 3.6));
    all.add(composed(compositions, "parallel",
        "Three concurrent calls of 100 ms take less than 1.3 times as long as one", 0, 1.3));
    all.addAll(claims.overload());
    all.add(claims.survived());
    return List.copyOf(all);
  }

  private Claim waitingOutscalesPool(String model) {
    String claim = "For 100 ms of waiting, " + model + " sustains at least 10 times the rate of pool";
    Optional<RateStep> ownRate = highestSustained(model, WAITING);
    Optional<RateStep> pool = highestSustained("pool", WAITING);
    if (ownRate.isEmpty() || pool.isEmpty()) {
      return new Claim(claim, ClaimStatus.UNMEASURED, "Not measured, or no rate was sustained.");
    }
    double times = ownRate.get().offeredPerSecond() / pool.get().offeredPerSecond();
    String figures = model + " sustained " + rate(ownRate.get()) + ", pool " + rate(pool.get()) + ": "
        + NumberFormats.number(times) + " times.";
    Optional<RateStep> small = highestSustained("pool-20", WAITING);
    if (small.isPresent()) {
      figures += " A pool of 20 threads sustained " + rate(small.get()) + ": "
          + NumberFormats.number(ownRate.get().offeredPerSecond() / small.get().offeredPerSecond()) + " times.";
    }
    double least = ownRate.get().provenRate() / pool.get().offeredPerSecond();
    double most = ownRate.get().offeredPerSecond() / pool.get().provenRate();
    if (least < MIN_FACTOR_OVER_POOL && most >= MIN_FACTOR_OVER_POOL) {
      return new Claim(claim, ClaimStatus.UNDECIDED, figures + tooShort(ownRate.get(), "between "
          + NumberFormats.number(least) + " and " + NumberFormats.number(most) + " times"));
    }
    if (times >= MIN_FACTOR_OVER_POOL) {
      return new Claim(claim, ClaimStatus.HOLDS, figures);
    }
    double byProcessors = reachable(ownRate.get());
    double byBound = maxInFlight / WAIT_SECONDS;
    double reachable = Math.min(byProcessors, byBound);
    figures += ' ' + (byBound < byProcessors ? requestBound() : cpuCost(ownRate.get())) + ": at most "
        + NumberFormats.number(reachable) + " requests per second with any model.";
    boolean outOfReach = reachable < MIN_FACTOR_OVER_POOL * pool.get().offeredPerSecond();
    return new Claim(claim, outOfReach ? ClaimStatus.EXPLAINED : ClaimStatus.BROKEN, figures);
  }

  private Claim iterativeIsSlow() {
    String claim = "For 100 ms of waiting, iterative sustains fewer than 10 requests per second";
    return highestSustained("iterative", WAITING).map(step -> iterativeIsSlow(claim, step))
        .orElse(new Claim(claim, ClaimStatus.UNMEASURED, "Not measured, or no rate was sustained."));
  }

  private static Claim iterativeIsSlow(String claim, RateStep step) {
    String figures = "It sustained " + rate(step) + '.';
    double proven = step.provenRate();
    return step.offeredPerSecond() >= MAX_ITERATIVE_RATE && proven < MAX_ITERATIVE_RATE
        ? new Claim(claim, ClaimStatus.UNDECIDED,
            figures + tooShort(step, "as little as " + NumberFormats.number(proven) + " per second"))
        : new Claim(claim, status(step.offeredPerSecond() < MAX_ITERATIVE_RATE), figures);
  }

  private static String tooShort(RateStep step, String possible) {
    return " The measurement of " + NumberFormats.number(step.requests() / step.offeredPerSecond())
        + " s is too short to decide: a queue that grows so slowly is not visible in it, so it may be " + possible
        + ". Repeat with a longer --rung.";
  }

  private static Claim composed(List<Composed> all, String kind, String claim, double min, double max) {
    List<Composed> matching = all.stream().filter(composed -> composed.composition().startsWith(kind)).toList();
    if (matching.isEmpty()) {
      return new Claim(claim, ClaimStatus.UNMEASURED, "Not measured.");
    }
    boolean holds = matching.stream().map(composed -> composed.millis() / composed.oneCallMillis())
        .allMatch(factor -> factor >= min && factor < max);
    String figures = matching.stream()
        .map(composed -> composed.service() + ", " + composed.composition() + ": "
            + NumberFormats.duration(composed.millis()) + ", "
            + NumberFormats.number(composed.millis() / composed.oneCallMillis()) + " times one call")
        .collect(Collectors.joining("; "));
    return new Claim(claim, status(holds), figures + '.');
  }

  /** One claim for each model except {@code iterative}, for which it is not claimed. */
  private List<Claim> overload() {
    return series.stream().map(Series::model).distinct().filter(model -> !model.equals("iterative")).map(this::overload)
        .toList();
  }

  private Claim overload(String model) {
    String claim = "At twice its highest rate, " + model
        + " still delivers 80 % of its best throughput, and rejects the rest with 503 within 100 ms";
    List<String> figures = new ArrayList<>();
    ClaimStatus overall = ClaimStatus.HOLDS;
    for (Series results : series) {
      RateStep overload = results.past();
      Double ofBest = results.pastPercentOfBest();
      if (results.model().equals(model) && overload != null && ofBest != null) {
        ClaimStatus status = overloadStatus(overload, ofBest);
        overall = status.compareTo(overall) > 0 ? status : overall;
        figures.add(results.workload() + ": " + NumberFormats.number(ofBest) + " % of its best, " + rejections(overload)
            + (status == ClaimStatus.EXPLAINED ? ", " + saturation(overload) : "")
            + (status == ClaimStatus.UNDECIDED
                ? ", of only " + NumberFormats.count(overload.requests())
                    + " requests, too few to decide: repeat with a longer --past"
                : ""));
      }
    }
    return figures.isEmpty()
        ? new Claim(claim, ClaimStatus.UNMEASURED, "Not measured.")
        : new Claim(claim, overall, NumberFormats.capitalised(String.join("; ", figures)) + '.');
  }

  private ClaimStatus overloadStatus(RateStep overload, double percentOfBest) {
    if (overload.requests() < MIN_OVERLOAD_REQUESTS) {
      return ClaimStatus.UNDECIDED;
    }
    Double rejectionMillis = overload.refusalP99Millis();
    if (percentOfBest >= MIN_PERCENT_OF_BEST && (rejectionMillis == null || rejectionMillis < MAX_REJECTION_MILLIS)
        && overload.failed() <= MAX_FAILED_SHARE * overload.requests()) {
      return ClaimStatus.HOLDS;
    }
    return mayBeSaturated(overload) ? ClaimStatus.EXPLAINED : ClaimStatus.BROKEN;
  }

  /** The rate that the CPUs allow, given the CPU time per request at this rate. */
  private double reachable(RateStep step) {
    double perProcessor = step.throughput();
    Integer service = processors.service();
    Integer load = processors.load();
    return service == null || load == null
        ? processors.all() * perProcessor / cpusUsed(step)
        : Math.min(service * perProcessor / step.serviceProcessors(), load * perProcessor / step.loadProcessors());
  }

  private String requestBound() {
    return "Each model has at most " + NumberFormats.count(maxInFlight)
        + " requests in flight, the number that 256 MiB can hold";
  }

  private String cpuCost(RateStep step) {
    Integer service = processors.service();
    Integer load = processors.load();
    if (service == null || load == null) {
      return "A request took " + cpuMillis(cpusUsed(step), step) + " of CPU time, including the load generator's,"
          + " and the machine has " + cpus(processors.all());
    }
    return "A request took " + cpuMillis(step.serviceProcessors(), step) + " of the service's CPU time and "
        + cpuMillis(step.loadProcessors(), step) + " of the load generator's, which have " + cpus(service) + " and "
        + cpus(load);
  }

  private static String cpuMillis(double cpus, RateStep step) {
    return NumberFormats.number(1000 * cpus / step.throughput()) + " ms";
  }

  private static String cpus(int number) {
    return number == 1 ? "one CPU" : NumberFormats.word(number) + " CPUs";
  }

  /** Whether the load generator used up its CPUs, or the shared ones, which may have delayed answers. */
  private boolean mayBeSaturated(RateStep overload) {
    Integer load = processors.load();
    return load == null
        ? cpusUsed(overload) >= MIN_SATURATED_SHARE * processors.all()
        : overload.loadProcessors() >= MIN_SATURATED_SHARE * load;
  }

  private String saturation(RateStep overload) {
    Integer load = processors.load();
    return load == null
        ? "service and load generator used " + NumberFormats.number(cpusUsed(overload)) + " of "
            + cpus(processors.all()) + ", which left no CPU for fast rejections"
        : "the load generator used " + NumberFormats.number(overload.loadProcessors()) + " of its " + cpus(load)
            + " and may have been late itself";
  }

  private static double cpusUsed(RateStep step) {
    return step.serviceProcessors() + step.loadProcessors();
  }

  private static String rejections(RateStep overload) {
    Double rejectionMillis = overload.refusalP99Millis();
    String rejected = rejectionMillis == null
        ? "no 503"
        : NumberFormats.percent(overload.refused(), overload.requests()) + " rejected with 503, 99 of 100 within "
            + NumberFormats.duration(rejectionMillis);
    return overload.failed() == 0
        ? rejected
        : rejected + ", " + NumberFormats.percent(overload.failed(), overload.requests()) + " failed";
  }

  private Claim survived() {
    String claim = "No model runs out of memory with -Xmx256m";
    List<String> terminated = series.stream().filter(results -> !results.survived())
        .map(results -> results.model() + ' ' + results.workload()).toList();
    return series.isEmpty()
        ? new Claim(claim, ClaimStatus.UNMEASURED, "Not measured.")
        : new Claim(claim, status(terminated.isEmpty()),
            terminated.isEmpty()
                ? NumberFormats.capitalised(NumberFormats.word(series.size())) + " of "
                    + NumberFormats.word(series.size()) + " processes were running at the end."
                : "Terminated: " + NumberFormats.enumerated(terminated) + '.');
  }

  private Optional<RateStep> highestSustained(String model, String workload) {
    return series.stream().filter(results -> results.model().equals(model) && results.workload().equals(workload))
        .findFirst().flatMap(Series::highestSustained);
  }

  private static String rate(RateStep step) {
    return NumberFormats.number(step.offeredPerSecond()) + " per second";
  }

  private static ClaimStatus status(boolean holds) {
    return holds ? ClaimStatus.HOLDS : ClaimStatus.BROKEN;
  }
}
