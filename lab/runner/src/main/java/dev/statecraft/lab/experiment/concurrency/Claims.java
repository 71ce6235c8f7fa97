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

/** Holds what is said of the concurrency models against the figures. A pure function of the measurements. */
public final class Claims {
  private static final String WAITING = "wait";
  private static final double WAIT_SECONDS = 0.1;
  private static final double TIMES_OF_A_POOL = 10;
  private static final double MAX_ITERATIVE_RATE = 10;
  private static final double MIN_PERCENT_OF_BEST = 80;
  private static final double PROMPT_MILLIS = 100;
  private static final double MAX_FAILED_SHARE = 0.01;
  /**
   * Of the processors that there are: averages over a run with its quiet ends, and without what the system does for the
   * network.
   */
  private static final double SATURATED = 0.75;

  private final List<Series> series;
  private final Processors processors;
  private final int maxUnderWay;

  private Claims(List<Series> series, Processors processors, int maxUnderWay) {
    this.series = series;
    this.processors = processors;
    this.maxUnderWay = maxUnderWay;
  }

  /**
   * Every claim, in the order in which a report shows them.
   *
   * @param maxUnderWay the most requests that a model has under way, where threads are not its bound
   */
  public static List<Claim> of(List<Series> series, List<Composed> compositions, Processors processors,
      int maxUnderWay) {
    Claims claims = new Claims(series, processors, maxUnderWay);
    List<Claim> all = new ArrayList<>();
    all.add(claims.waitingScales("virtual-threads"));
    all.add(claims.waitingScales("event-loop"));
    all.add(claims.iterativeIsSlow());
    all.add(composed(compositions, "sequential", "Three calls of 100 ms one after another take about three times one",
        2.6, 3.6));
    all.add(composed(compositions, "parallel", "Three calls of 100 ms at once take less than 1.3 times one", 0, 1.3));
    all.addAll(claims.pastTheLimit());
    all.add(claims.survived());
    return List.copyOf(all);
  }

  private Claim waitingScales(String model) {
    String claim = "For 100 ms of waiting, " + model + " keeps at least 10 times the rate of pool";
    Optional<RateStep> own = kept(model, WAITING);
    Optional<RateStep> pool = kept("pool", WAITING);
    if (own.isEmpty() || pool.isEmpty()) {
      return new Claim(claim, Standing.UNMEASURED, "Not measured, or no rate was kept.");
    }
    double times = own.get().offeredPerSecond() / pool.get().offeredPerSecond();
    String figures = model + " kept " + rate(own.get()) + ", pool " + rate(pool.get()) + ": "
        + NumberFormats.number(times) + " times.";
    Optional<RateStep> small = kept("pool-20", WAITING);
    if (small.isPresent()) {
      figures += " A pool of 20 threads kept " + rate(small.get()) + ": "
          + NumberFormats.number(own.get().offeredPerSecond() / small.get().offeredPerSecond()) + " times.";
    }
    if (times >= TIMES_OF_A_POOL) {
      return new Claim(claim, Standing.HOLDS, figures);
    }
    double byProcessors = reachable(own.get());
    double byBound = maxUnderWay / WAIT_SECONDS;
    double reachable = Math.min(byProcessors, byBound);
    figures += ' ' + (byBound < byProcessors ? bound() : costs(own.get())) + ": at most "
        + NumberFormats.number(reachable) + " a second, whichever model waits.";
    boolean outOfReach = reachable < TIMES_OF_A_POOL * pool.get().offeredPerSecond();
    return new Claim(claim, outOfReach ? Standing.EXPLAINED : Standing.BROKEN, figures);
  }

  private Claim iterativeIsSlow() {
    String claim = "For 100 ms of waiting, iterative keeps under 10 requests a second";
    return kept("iterative", WAITING)
        .map(
            step -> new Claim(claim, standing(step.offeredPerSecond() < MAX_ITERATIVE_RATE),
                "It kept " + rate(step) + '.'))
        .orElse(new Claim(claim, Standing.UNMEASURED, "Not measured, or no rate was kept."));
  }

  private static Claim composed(List<Composed> all, String kind, String claim, double least, double most) {
    List<Composed> own = all.stream().filter(one -> one.composition().startsWith(kind)).toList();
    if (own.isEmpty()) {
      return new Claim(claim, Standing.UNMEASURED, "Not measured.");
    }
    boolean holds = own.stream().map(one -> one.millis() / one.oneCallMillis())
        .allMatch(times -> times >= least && times < most);
    String figures = own.stream()
        .map(one -> one.service() + ", " + one.composition() + ": " + NumberFormats.duration(one.millis()) + ", "
            + NumberFormats.number(one.millis() / one.oneCallMillis()) + " times one")
        .collect(Collectors.joining("; "));
    return new Claim(claim, standing(holds), figures + '.');
  }

  /** One claim for each model but {@code iterative}, of which the opposite is said. */
  private List<Claim> pastTheLimit() {
    return series.stream().map(Series::model).distinct().filter(model -> !model.equals("iterative"))
        .map(this::pastTheLimit).toList();
  }

  private Claim pastTheLimit(String model) {
    String claim = "At twice its highest rate, " + model
        + " still gives 80 % of its best throughput, and says 503 to the rest in under 100 ms";
    List<String> figures = new ArrayList<>();
    Standing worst = Standing.HOLDS;
    for (Series one : series) {
      RateStep past = one.past();
      Double ofBest = one.pastPercentOfBest();
      if (one.model().equals(model) && past != null && ofBest != null) {
        Standing own = standing(past, ofBest);
        worst = own.compareTo(worst) > 0 ? own : worst;
        figures.add(one.workload() + ": " + NumberFormats.number(ofBest)
            + " % of its best, " + refusals(past) + (own == Standing.EXPLAINED ? ", " + busy(past) : ""));
      }
    }
    return figures.isEmpty()
        ? new Claim(claim, Standing.UNMEASURED, "Not measured.")
        : new Claim(claim, worst, NumberFormats.capitalised(String.join("; ", figures)) + '.');
  }

  private Standing standing(RateStep past, double percentOfBest) {
    Double prompt = past.refusalP99Millis();
    if (percentOfBest >= MIN_PERCENT_OF_BEST && (prompt == null || prompt < PROMPT_MILLIS)
        && past.failed() <= MAX_FAILED_SHARE * past.requests()) {
      return Standing.HOLDS;
    }
    return saturated(past) ? Standing.EXPLAINED : Standing.BROKEN;
  }

  /** How many requests a second the processors give, at what one of this rate cost them. */
  private double reachable(RateStep step) {
    double perProcessor = step.throughput();
    Integer service = processors.service();
    Integer load = processors.load();
    return service == null || load == null
        ? processors.all() * perProcessor / processorsBusy(step)
        : Math.min(service * perProcessor / step.serviceProcessors(), load * perProcessor / step.loadProcessors());
  }

  private String bound() {
    return "Each model has no more than " + NumberFormats.count(maxUnderWay)
        + " requests under way at a time, which is what 256 MiB hold";
  }

  private String costs(RateStep step) {
    Integer service = processors.service();
    Integer load = processors.load();
    if (service == null || load == null) {
      return "A request took " + millis(processorsBusy(step), step)
          + " of processor time, the load's own part included,"
          + " and the machine has " + processors(processors.all());
    }
    return "A request took " + millis(step.serviceProcessors(), step) + " of the service's processor time and "
        + millis(step.loadProcessors(), step) + " of the load's, which have " + processors(service) + " and "
        + processors(load);
  }

  private static String millis(double busy, RateStep step) {
    return NumberFormats.number(1000 * busy / step.throughput()) + " ms";
  }

  private static String processors(int number) {
    return number == 1 ? "one processor" : NumberFormats.word(number) + " processors";
  }

  /**
   * Whether what was late may have been late for want of a processor that the service is not to blame for: one that the
   * load needed itself.
   */
  private boolean saturated(RateStep past) {
    Integer load = processors.load();
    return load == null
        ? processorsBusy(past) >= SATURATED * processors.all()
        : past.loadProcessors() >= SATURATED * load;
  }

  private String busy(RateStep past) {
    Integer load = processors.load();
    return load == null
        ? "service and load kept " + NumberFormats.number(processorsBusy(past)) + " of " + processors(processors.all())
            + " busy, with none to spare for prompt refusals"
        : "the load kept " + NumberFormats.number(past.loadProcessors()) + " of its own " + processors(load)
            + " busy, and may have been late itself";
  }

  private static double processorsBusy(RateStep step) {
    return step.serviceProcessors() + step.loadProcessors();
  }

  private static String refusals(RateStep past) {
    Double prompt = past.refusalP99Millis();
    String refused = prompt == null
        ? "no 503"
        : NumberFormats.percent(past.refused(), past.requests()) + " told 503, 99 of 100 within "
            + NumberFormats.duration(prompt);
    return past.failed() == 0
        ? refused
        : refused + ", " + NumberFormats.percent(past.failed(), past.requests()) + " failed";
  }

  private Claim survived() {
    String claim = "None runs out of memory with -Xmx256m";
    List<String> dead = series.stream().filter(one -> !one.survived()).map(one -> one.model() + ' ' + one.workload())
        .toList();
    return series.isEmpty()
        ? new Claim(claim, Standing.UNMEASURED, "Not measured.")
        : new Claim(claim, standing(dead.isEmpty()),
            dead.isEmpty()
                ? NumberFormats.capitalised(NumberFormats.word(series.size())) + " of "
                    + NumberFormats.word(series.size()) + " processes were alive at the end."
                : "Died: " + NumberFormats.enumerated(dead) + '.');
  }

  private Optional<RateStep> kept(String model, String workload) {
    return series.stream().filter(one -> one.model().equals(model) && one.workload().equals(workload)).findFirst()
        .flatMap(Series::kept);
  }

  private static String rate(RateStep step) {
    return NumberFormats.number(step.offeredPerSecond()) + " a second";
  }

  private static Standing standing(boolean holds) {
    return holds ? Standing.HOLDS : Standing.BROKEN;
  }
}
