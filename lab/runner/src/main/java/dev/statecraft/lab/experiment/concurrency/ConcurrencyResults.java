package dev.statecraft.lab.experiment.concurrency;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.statecraft.lab.report.ExperimentResults;
import dev.statecraft.lab.report.Machine;
import dev.statecraft.lab.report.WebPage;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The content of {@code results.json} of {@code compare concurrency}. A public format: fields may be added, but not
 * changed without a new schema number.
 *
 * @param command repeats the measurement
 * @param limitMillis the time within which 99 of 100 requests must have a good answer for a rate to count as sustained
 * @param clients the maximum number of connections of the load generator
 * @param claims common claims about the models, and whether they hold here
 * @param processors the division of CPUs; null in older files, where service and load generator shared all
 * @param maxInFlight the maximum number of requests in flight of models that threads do not limit; null in older files
 */
public record ConcurrencyResults(String schema, Instant startedAt, String command, Machine machine, double limitMillis,
    int clients, List<Series> series, List<Composed> compositions, List<Claim> claims, @Nullable Processors processors,
    @Nullable @JsonProperty("room") Integer maxInFlight) implements ExperimentResults {
  public static final String SCHEMA = "statecraft/concurrency/1";

  /** Whether no measured claim is broken. */
  public boolean claimsHold() {
    return claims.stream().map(Claim::standing).noneMatch(ClaimStatus.BROKEN::equals);
  }

  @Override
  public String page() {
    ConcurrencyPage page = ConcurrencyPage.of(this);
    return new WebPage(ConcurrencyPage.class, "concurrency.mustache",
        "Statecraft: which concurrency model should a service use?", page, page.charts()).render();
  }

  @Override
  public String table(boolean colour) {
    return ConcurrencyTable.render(this);
  }

  /** The results of one model with one kind of work. */
  public Optional<Series> series(String model, String workload) {
    return series.stream().filter(result -> result.model().equals(model) && result.workload().equals(workload))
        .findFirst();
  }

  /**
   * One concurrency model with one kind of work, in a process of its own.
   *
   * @param work the request, such as {@code /work?wait=100}
   * @param rungs the rates that were tried, lowest first
   * @param past the overload of twice the highest sustained rate; null if it was not measured
   * @param survived whether the process was running at the end
   */
  public record Series(String model, String workload, String work, List<RateStep> rungs, @Nullable RateStep past,
      boolean survived) {
    public Series {
      rungs = rungs.stream().sorted(Comparator.comparingDouble(RateStep::offeredPerSecond)).toList();
    }

    /** The highest rate up to which every rate was sustained. */
    public Optional<RateStep> highestSustained() {
      return rungs.stream().takeWhile(RateStep::sustained).reduce((_, higher) -> higher);
    }

    /** The throughput at overload, in percent of the best at any rate; null if it was not measured. */
    @Nullable
    Double pastPercentOfBest() {
      double best = rungs.stream().mapToDouble(RateStep::throughput).max().orElse(0);
      return past == null ? null : (Double) (100 * past.throughput() / best);
    }
  }

  /**
   * The measurement of one rate.
   *
   * @param kept whether 99 of 100 requests had a good answer within the limit
   * @param requests requests due in the measured time
   * @param goodPerSecond requests per second that were due in the measured time and answered with 200, then or later
   * @param p50Millis latency of good answers, from when the request was due; null without one
   * @param p99Millis likewise
   * @param refused requests answered with 503
   * @param failed requests with another answer, without an answer in time, or without a free connection
   * @param refusalP99Millis from sending a request to its 503; null without one
   * @param threads the maximum number of threads of the process; null if unknown
   * @param residentBytes the maximum resident memory of the process; null if unknown
   * @param serviceProcessors CPUs that the service used on average
   * @param loadProcessors CPUs that the load generator used on average
   * @param queueGrew whether latency kept growing during the measurement; null if unknown
   * @param throughputPerSecond answers with 200 per second in the measured time, whenever they were due; null in older
   * files
   * @param compilerProcessors CPUs that the service's JIT compiler used on average; null if unknown, and in older files
   */
  public record RateStep(double offeredPerSecond, boolean kept, long requests, double goodPerSecond,
      @Nullable Double p50Millis, @Nullable Double p99Millis, long refused, long failed,
      @Nullable Double refusalP99Millis, @Nullable Integer threads, @Nullable Long residentBytes,
      double serviceProcessors, double loadProcessors, @Nullable Boolean queueGrew,
      @Nullable Double throughputPerSecond, @Nullable Double compilerProcessors) {
    /** Whether the limit was kept without a growing queue, which may not reach the limit during a short step. */
    public boolean sustained() {
      return kept && !Boolean.TRUE.equals(queueGrew);
    }

    /**
     * A rate that the service certainly serves: with a lower capacity, the queue would have grown visibly in the
     * measured time. It approaches the offered rate with longer steps.
     */
    double provenRate() {
      double seconds = requests / offeredPerSecond;
      return seconds == 0 ? 0 : offeredPerSecond / (1 + RateStepFigures.visibleQueueSeconds() / seconds);
    }

    /** Good answers per second in the measured time; with a growing queue this is less than {@code goodPerSecond}. */
    double throughput() {
      return throughputPerSecond == null ? goodPerSecond : throughputPerSecond;
    }
  }

  /**
   * A request that makes three calls of 100 ms.
   *
   * @param millis the median of the composed call
   * @param oneCallMillis the median of one of the three calls, made alone
   */
  public record Composed(String service, String composition, double millis, double oneCallMillis) {}

  /**
   * The division of the machine's CPUs.
   *
   * @param all the number of CPUs
   * @param service how many were reserved for the service; null if it shared all with the load generator
   * @param load how many were reserved for the load generator; null likewise
   */
  public record Processors(int all, @Nullable Integer service, @Nullable Integer load) {
    /** CPUs shared by service and load generator. */
    public static Processors shared(int all) {
      return new Processors(all, null, null);
    }
  }

  /** A claim about the models and the figures that confirm, explain or refute it. */
  public record Claim(String claim, ClaimStatus standing, String figures) {}

  /**
   * The result of checking a claim. {@code EXPLAINED}: it fails because of the machine or a bound. {@code UNDECIDED}:
   * the measurement was too short to tell.
   */
  public enum ClaimStatus {
    HOLDS, EXPLAINED, UNDECIDED, BROKEN, UNMEASURED
  }
}
