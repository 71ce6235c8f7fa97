package dev.statecraft.lab.experiment.concurrency;

import dev.statecraft.lab.report.ExperimentResults;
import dev.statecraft.lab.report.Machine;
import dev.statecraft.lab.report.WebPage;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The content of a {@code results.json} of {@code compare concurrency}. An interface: fields are added, and none
 * changes its meaning without a new schema number.
 *
 * @param command what a reader types to measure this again
 * @param limitMillis within which 99 of 100 requests must be answered well for a rate to count as kept
 * @param clients connections that the load may have open
 * @param claims what is said of the models, and whether it holds here
 * @param processors who had which; null in older files, where service and load shared all
 * @param room the most requests that a model has under way, where threads are not its bound; null in older files
 */
public record ConcurrencyResults(String schema, Instant startedAt, String command, Machine machine, double limitMillis,
    int clients, List<Series> series, List<Composed> compositions, List<Claim> claims, @Nullable Processors processors,
    @Nullable Integer room) implements ExperimentResults {
  public static final String SCHEMA = "statecraft/concurrency/1";

  /** Whether no claim that was measured is wrong here. */
  public boolean claimsHold() {
    return claims.stream().map(Claim::standing).noneMatch(Standing.BROKEN::equals);
  }

  @Override
  public String page() {
    ConcurrencyPage page = ConcurrencyPage.of(this);
    return new WebPage(ConcurrencyPage.class, "concurrency.mustache", "Statecraft: how should a server serve?", page,
        page.charts()).render();
  }

  @Override
  public String table(boolean colour) {
    return ConcurrencyTable.render(this);
  }

  /** One model under one kind of work. */
  public Optional<Series> series(String model, String workload) {
    return series.stream().filter(one -> one.model().equals(model) && one.workload().equals(workload)).findFirst();
  }

  /**
   * One concurrency model under one kind of work, in a process of its own.
   *
   * @param work the request, such as {@code /work?wait=100}
   * @param rungs the rates that were tried, lowest first
   * @param past the load of twice the highest rate kept, or null where none was kept or none was wanted
   * @param survived whether the process was alive at the end
   */
  public record Series(
      String model, String workload, String work, List<RateStep> rungs, @Nullable RateStep past, boolean survived) {
    public Series {
      rungs = rungs.stream().sorted(Comparator.comparingDouble(RateStep::offeredPerSecond)).toList();
    }

    /** The highest rate that was kept, unless a lower one was not. */
    public Optional<RateStep> kept() {
      return rungs.stream().takeWhile(RateStep::sustained).reduce((_, higher) -> higher);
    }

    /** The throughput past the highest rate, in percent of the best at any rate; null where it was not measured. */
    @Nullable
    Double pastPercentOfBest() {
      double best = rungs.stream().mapToDouble(RateStep::throughput).max().orElse(0);
      return past == null ? null : (Double) (100 * past.throughput() / best);
    }
  }

  /**
   * One rate.
   *
   * @param kept whether 99 of 100 requests were answered well within the limit
   * @param requests those that were due in the measured time
   * @param goodPerSecond requests due in the measured time and answered by 200, then or later, in each second of it
   * @param p50Millis of good answers, from when the request was due; null where there was none
   * @param p99Millis likewise
   * @param refused requests answered by 503
   * @param failed requests answered otherwise, too late for the client, or never sent for want of a free connection
   * @param refusalP99Millis from when a request was sent to its 503; null where there was none
   * @param threads the most that the process had, or null where the system does not tell
   * @param residentBytes the most memory that the process had in use, or null likewise
   * @param serviceProcessors how many processors the service kept busy
   * @param loadProcessors how many processors the load itself kept busy, which the service could not have
   * @param queueGrew whether answers became later and later; null where this was not looked at
   * @param throughputPerSecond answers by 200 that came within the measured time, whenever they were due, in each
   * second of it; null in older files
   * @param compilerProcessors how many of the service's processors its just-in-time compiler kept busy; null where the
   * system does not tell, and in older files
   */
  public record RateStep(
      double offeredPerSecond, boolean kept, long requests, double goodPerSecond, @Nullable Double p50Millis,
      @Nullable Double p99Millis, long refused, long failed, @Nullable Double refusalP99Millis,
      @Nullable Integer threads, @Nullable Long residentBytes, double serviceProcessors, double loadProcessors,
      @Nullable Boolean queueGrew, @Nullable Double throughputPerSecond, @Nullable Double compilerProcessors) {
    /**
     * Whether the rate was kept and could go on: a queue that grows need not reach the limit in the seconds of a step.
     */
    public boolean sustained() {
      return kept && !Boolean.TRUE.equals(queueGrew);
    }

    /**
     * Good answers in a second: what came, for a queue that grows answers later much of what was due in a few seconds.
     */
    double throughput() {
      return throughputPerSecond == null ? goodPerSecond : throughputPerSecond;
    }
  }

  /**
   * Three calls of 100 ms, composed.
   *
   * @param millis the median of the composed call
   * @param oneCallMillis the median of one of the three calls, made alone
   */
  public record Composed(String service, String composition, double millis, double oneCallMillis) {}

  /**
   * Who had which processors.
   *
   * @param all how many the machine gave
   * @param service how many of them were the service's own, or null where it shared all with the load
   * @param load how many were the load's own, or null likewise
   */
  public record Processors(int all, @Nullable Integer service, @Nullable Integer load) {
    /** All of them for both. */
    public static Processors shared(int all) {
      return new Processors(all, null, null);
    }
  }

  /** A sentence about the models, and what the figures say of it. */
  public record Claim(String claim, Standing standing, String figures) {}

  /** How a claim stands. */
  public enum Standing {
    HOLDS, EXPLAINED, BROKEN, UNMEASURED
  }
}
