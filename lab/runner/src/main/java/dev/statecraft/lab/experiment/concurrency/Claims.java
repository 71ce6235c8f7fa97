package dev.statecraft.lab.experiment.concurrency;

import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.Claim;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.Composed;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.Processors;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.RateStep;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.Series;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.Standing;
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

  /**
   * Every claim, in report order.
   *
   * @param maxInFlight the maximum number of requests in flight of the models that threads do not limit
   */
  public static List<Claim> of(List<Series> series, List<Composed> compositions, Processors processors,
      int maxInFlight) {
    Claims claims = new Claims(series, processors, maxInFlight);
    List<Claim> all = new ArrayList<>();
    all.add(claims.waitingScales("virtual-threads"));
    all.add(claims.waitingScales("event-loop"));
    all.add(claims.iterativeIsSlow());
    all.add(
        composed(compositions, "sequential", "Three sequential calls of 100 ms take about three times as long as one",
            2.6, 3.6));
    all.add(composed(compositions, "parallel",
        "Three concurrent calls of 100 ms take less than 1.3 times as long as one", 0, 1.3));
    all.addAll(claims.overload());
    all.add(claims.survived());
    return List.copyOf(all);
  }

  private Claim waitingScales(String model) {
    String claim = "For 100 ms of waiting, " + model + " sustains at least 10 times the rate of pool";
    Optional<RateStep> own = kept(model, WAITING);
    Optional<RateStep> pool = kept("pool", WAITING);
    if (own.isEmpty() || pool.isEmpty()) {
      return new Claim(claim, Standing.UNMEASURED, "Not measured, or no rate was sustained.");
    }
    double times = own.get().offeredPerSecond() / pool.get().offeredPerSecond();
    String figures = model + " sustained " + rate(own.get()) + ", pool " + rate(pool.get()) + ": "
        + NumberFormats.number(times) + " times.";
    Optional<RateStep> small = kept("pool-20", WAITING);
    if (small.isPresent()) {
      figures += " A pool of 20 threads sustained " + rate(small.get()) + ": "
          + NumberFormats.number(own.get().offeredPerSecond() / small.get().offeredPerSecond()) + " times.";
    }
    if (times >= MIN_FACTOR_OVER_POOL) {
      return new Claim(claim, Standing.HOLDS, figures);
    }
    double byProcessors = reachable(own.get());
    double byBound = maxInFlight / WAIT_SECONDS;
    double reachable = Math.min(byProcessors, byBound);
    figures += ' ' + (byBound < byProcessors ? bound() : costs(own.get())) + ": at most "
        + NumberFormats.number(reachable) + " requests per second with any model.";
    boolean outOfReach = reachable < MIN_FACTOR_OVER_POOL * pool.get().offeredPerSecond();
    return new Claim(claim, outOfReach ? Standing.EXPLAINED : Standing.BROKEN, figures);
  }

  private Claim iterativeIsSlow() {
    String claim = "For 100 ms of waiting, iterative sustains fewer than 10 requests per second";
    return kept("iterative", WAITING)
        .map(
            step -> new Claim(claim, standing(step.offeredPerSecond() < MAX_ITERATIVE_RATE),
                "It sustained " + rate(step) + '.'))
        .orElse(new Claim(claim, Standing.UNMEASURED, "Not measured, or no rate was sustained."));
  }

  private static Claim composed(List<Composed> all, String kind, String claim, double min, double max) {
    List<Composed> own = all.stream().filter(one -> one.composition().startsWith(kind)).toList();
    if (own.isEmpty()) {
      return new Claim(claim, Standing.UNMEASURED, "Not measured.");
    }
    boolean holds = own.stream().map(one -> one.millis() / one.oneCallMillis())
        .allMatch(factor -> factor >= min && factor < max);
    String figures = own.stream()
        .map(one -> one.service() + ", " + one.composition() + ": " + NumberFormats.duration(one.millis()) + ", "
            + NumberFormats.number(one.millis() / one.oneCallMillis()) + " times one call")
        .collect(Collectors.joining("; "));
    return new Claim(claim, standing(holds), figures + '.');
  }

  /** One claim for each model except {@code iterative}, for which it is not claimed. */
  private List<Claim> overload() {
    return series.stream().map(Series::model).distinct().filter(model -> !model.equals("iterative"))
        .map(this::overload).toList();
  }

  private Claim overload(String model) {
    String claim = "At twice its highest rate, " + model
        + " still delivers 80 % of its best throughput, and rejects the rest with 503 within 100 ms";
    List<String> figures = new ArrayList<>();
    Standing worst = Standing.HOLDS;
    for (Series one : series) {
      RateStep past = one.past();
      Double ofBest = one.pastPercentOfBest();
      if (one.model().equals(model) && past != null && ofBest != null) {
        Standing own = standing(past, ofBest);
        worst = own.compareTo(worst) > 0 ? own : worst;
        figures.add(one.workload() + ": " + NumberFormats.number(ofBest)
            + " % of its best, " + rejections(past) + (own == Standing.EXPLAINED ? ", " + busy(past) : ""));
      }
    }
    return figures.isEmpty()
        ? new Claim(claim, Standing.UNMEASURED, "Not measured.")
        : new Claim(claim, worst, NumberFormats.capitalised(String.join("; ", figures)) + '.');
  }

  private Standing standing(RateStep past, double percentOfBest) {
    Double rejectionMillis = past.refusalP99Millis();
    if (percentOfBest >= MIN_PERCENT_OF_BEST && (rejectionMillis == null || rejectionMillis < MAX_REJECTION_MILLIS)
        && past.failed() <= MAX_FAILED_SHARE * past.requests()) {
      return Standing.HOLDS;
    }
    return saturated(past) ? Standing.EXPLAINED : Standing.BROKEN;
  }

  /** The rate that the CPUs allow, given the CPU time per request at this rate. */
  private double reachable(RateStep step) {
    double perProcessor = step.throughput();
    Integer service = processors.service();
    Integer load = processors.load();
    return service == null || load == null
        ? processors.all() * perProcessor / processorsBusy(step)
        : Math.min(service * perProcessor / step.serviceProcessors(), load * perProcessor / step.loadProcessors());
  }

  private String bound() {
    return "Each model has at most " + NumberFormats.count(maxInFlight)
        + " requests in flight, the number that 256 MiB can hold";
  }

  private String costs(RateStep step) {
    Integer service = processors.service();
    Integer load = processors.load();
    if (service == null || load == null) {
      return "A request took " + millis(processorsBusy(step), step)
          + " of CPU time, including the load generator's,"
          + " and the machine has " + processors(processors.all());
    }
    return "A request took " + millis(step.serviceProcessors(), step) + " of the service's CPU time and "
        + millis(step.loadProcessors(), step) + " of the load generator's, which have " + processors(service) + " and "
        + processors(load);
  }

  private static String millis(double busy, RateStep step) {
    return NumberFormats.number(1000 * busy / step.throughput()) + " ms";
  }

  private static String processors(int number) {
    return number == 1 ? "one CPU" : NumberFormats.word(number) + " CPUs";
  }

  /**
   * Whether answers may have been late because the load generator used up its CPUs, or the shared ones, and not because
   * of the service.
   */
  private boolean saturated(RateStep past) {
    Integer load = processors.load();
    return load == null
        ? processorsBusy(past) >= MIN_SATURATED_SHARE * processors.all()
        : past.loadProcessors() >= MIN_SATURATED_SHARE * load;
  }

  private String busy(RateStep past) {
    Integer load = processors.load();
    return load == null
        ? "service and load generator used " + NumberFormats.number(processorsBusy(past)) + " of "
            + processors(processors.all())
            + ", which left no CPU for fast rejections"
        : "the load generator used " + NumberFormats.number(past.loadProcessors()) + " of its " + processors(load)
            + " and may have been late itself";
  }

  private static double processorsBusy(RateStep step) {
    return step.serviceProcessors() + step.loadProcessors();
  }

  private static String rejections(RateStep past) {
    Double rejectionMillis = past.refusalP99Millis();
    String refused = rejectionMillis == null
        ? "no 503"
        : NumberFormats.percent(past.refused(), past.requests()) + " rejected with 503, 99 of 100 within "
            + NumberFormats.duration(rejectionMillis);
    return past.failed() == 0
        ? refused
        : refused + ", " + NumberFormats.percent(past.failed(), past.requests()) + " failed";
  }

  private Claim survived() {
    String claim = "No model runs out of memory with -Xmx256m";
    List<String> terminated = series.stream().filter(one -> !one.survived())
        .map(one -> one.model() + ' ' + one.workload())
        .toList();
    return series.isEmpty()
        ? new Claim(claim, Standing.UNMEASURED, "Not measured.")
        : new Claim(claim, standing(terminated.isEmpty()),
            terminated.isEmpty()
                ? NumberFormats.capitalised(NumberFormats.word(series.size())) + " of "
                    + NumberFormats.word(series.size()) + " processes were running at the end."
                : "Terminated: " + NumberFormats.enumerated(terminated) + '.');
  }

  private Optional<RateStep> kept(String model, String workload) {
    return series.stream().filter(one -> one.model().equals(model) && one.workload().equals(workload)).findFirst()
        .flatMap(Series::kept);
  }

  private static String rate(RateStep step) {
    return NumberFormats.number(step.offeredPerSecond()) + " per second";
  }

  private static Standing standing(boolean holds) {
    return holds ? Standing.HOLDS : Standing.BROKEN;
  }
}
