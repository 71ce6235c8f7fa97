package dev.statecraft.lab.experiment.strategies.report;

import dev.statecraft.lab.load.Measurement.Latency;
import dev.statecraft.lab.load.Measurement.Timeline;
import dev.statecraft.lab.report.ExperimentResults;
import dev.statecraft.lab.report.Machine;
import dev.statecraft.lab.report.Software;
import dev.statecraft.lab.report.WebPage;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The content of {@code results.json} of a comparison of strategies. A public format: fields may be added, but not
 * changed without a new schema number.
 *
 * @param command repeats the measurement, with the same seed
 * @param cluster the release that was measured; null for local clusters
 * @param software the versions of what was measured; null for a release, and in older files
 */
public record StrategyResults(String schema, Instant startedAt, String command, long seed, Machine machine,
    @Nullable Cluster cluster, List<Run> runs, @Nullable List<Software> software) implements ExperimentResults {
  public static final String SCHEMA = "statecraft/results/1";

  /** Results of local clusters. */
  public StrategyResults(String schema, Instant startedAt, String command, long seed, Machine machine, List<Run> runs) {
    this(schema, startedAt, command, seed, machine, null, runs, null);
  }

  @Override
  public String page() {
    StrategyPage page = StrategyPage.of(this);
    return new WebPage(StrategyPage.class, "strategies.mustache", "Statecraft: where should session state live?", page,
        page.charts()).render();
  }

  @Override
  public String table(boolean colour) {
    return StrategyTable.render(this, colour);
  }

  /**
   * A release on Kubernetes.
   *
   * @param kubernetes version of the cluster
   * @param gateway the URL that received the load
   */
  public record Cluster(String kubernetes, String namespace, String release, String gateway) {}

  /**
   * One strategy under load and faults.
   *
   * @param guarantee the documented guarantee
   * @param anomaly the documented anomaly
   * @param reads the read guarantee of {@code replicated}; null for other strategies
   * @param sessions the number of concurrent sessions
   * @param errors requests without a 2xx answer, including {@code unknown} ones
   * @param unknown requests that may or may not have taken effect
   * @param throughputPerSecond good answers per second
   * @param latencyMillis null if no request had a good answer
   * @param notRun requested faults that could not be injected; null in older files
   * @param sessionVerdict the result of checking whole sessions; null in older files
   * @param checkoutVerdict the result of checking checkouts; null in older files
   * @param allowed the fields of the verdicts whose anomalies the strategy documents for this run
   * @param guaranteeKept whether the strategy documents every observed anomaly
   * @param timeline latency and errors over the run
   * @param counterexamples a few operations that prove each observed anomaly
   * @param history the path of the history, relative to {@code results.json}
   * @param warmUp how warm the cluster was when measuring began; null if nothing drove it, and in older files
   * @param rounds the rounds without faults; null without any, and in older files
   */
  public record Run(String strategy, String guarantee, String anomaly, @Nullable String reads, int nodes, int sessions,
      double offeredPerSecond, double durationSeconds, long requests, long errors, long unknown,
      double throughputPerSecond, @Nullable Latency latencyMillis, List<FaultResult> faults,
      @Nullable List<NotRun> notRun, Verdict verdict, @Nullable SessionVerdict sessionVerdict,
      @Nullable CheckoutVerdict checkoutVerdict, List<String> allowed, boolean guaranteeKept,
      List<Counterexample> counterexamples, Timeline timeline, String history, @Nullable WarmUp warmUp,
      @Nullable Rounds rounds) {
    /** A run of a cluster that nothing warmed up. */
    public Run(String strategy, String guarantee, String anomaly, @Nullable String reads, int nodes, int sessions,
        double offeredPerSecond, double durationSeconds, long requests, long errors, long unknown,
        double throughputPerSecond, @Nullable Latency latencyMillis, List<FaultResult> faults,
        @Nullable List<NotRun> notRun, Verdict verdict, @Nullable SessionVerdict sessionVerdict,
        @Nullable CheckoutVerdict checkoutVerdict, List<String> allowed, boolean guaranteeKept,
        List<Counterexample> counterexamples, Timeline timeline, String history) {
      this(strategy, guarantee, anomaly, reads, nodes, sessions, offeredPerSecond, durationSeconds, requests, errors,
          unknown, throughputPerSecond, latencyMillis, faults, notRun, verdict, sessionVerdict, checkoutVerdict,
          allowed,
          guaranteeKept, counterexamples, timeline, history, null, null);
    }
  }

  /**
   * The warm-up of a cluster by users that send without pause, before measuring began.
   *
   * @param seconds how long they sent
   * @param steady whether the throughput had stopped rising and the JIT compilers were idle; otherwise the bound ended
   * it
   * @param goodPerSecond good answers in each second
   * @param compilerProcessors CPUs that the JIT compilers used in the last five seconds; null if unknown
   */
  public record WarmUp(double seconds, boolean steady, List<Long> goodPerSecond, @Nullable Double compilerProcessors) {}

  /**
   * One fault and the recovery from it.
   *
   * @param atMillis when it began, since measuring began
   * @param endedAtMillis when it ended (the node was restarted), since measuring began; null if it did not end
   * @param routingRecoveredMillis from the fault to the first good answer to a user of the target; null without one
   * @param stateRecoveredMillis from the fault to the first complete cart in a session of the target; null without one
   * @param servesAgainMillis from the fault to the first good answer of the target itself; null without one
   * @param firstReadMillis from the fault to the first good read of a user of the target; null without one, and in
   * older files
   * @param firstWriteMillis from the fault to the first good write of a user of the target; null without one, and in
   * older files
   * @param lastDisturbedMillis from the fault to the last failed or late answer to any user; 0 without one; null in
   * older files
   */
  public record FaultResult(String kind, String target, long atMillis, @Nullable Long endedAtMillis,
      @Nullable Double routingRecoveredMillis, @Nullable Double stateRecoveredMillis,
      @Nullable Double servesAgainMillis, @Nullable Double firstReadMillis, @Nullable Double firstWriteMillis,
      @Nullable Double lastDisturbedMillis) {
    /** A fault of a file that does not tell what users noticed. */
    public FaultResult(String kind, String target, long atMillis, @Nullable Long endedAtMillis,
        @Nullable Double routingRecoveredMillis, @Nullable Double stateRecoveredMillis,
        @Nullable Double servesAgainMillis) {
      this(kind, target, atMillis, endedAtMillis, routingRecoveredMillis, stateRecoveredMillis, servesAgainMillis, null,
          null, null);
    }
  }

  /** A requested fault that could not be injected, and why. */
  public record NotRun(String fault, String why) {}

  /**
   * The counts of anomalies of carts.
   *
   * @param operations the checked operations, including the warm-up and the final reads
   * @param lostItems acknowledged items in the carts of lost sessions
   */
  public record Verdict(long operations, long lostAcknowledgedWrites, long lostSessions, long lostItems,
      long staleReads, long backwardReads, long duplicates, long phantoms, long orderDisagreements) {}

  /**
   * The counts of anomalies of whole sessions.
   *
   * @param searched sessions checked for linearizability
   * @param undecided sessions for which that search reached its bound without a result
   */
  public record SessionVerdict(long searched, long undecided, long notLinearizable, long readYourWrites,
      long monotonicReads, long monotonicWrites, long writesFollowReads, long lostUpdates, long resurrections,
      long twoLiveIds, long aliveAfterExpiry) {}

  /**
   * The counts of anomalies of checkouts.
   *
   * @param steps the acknowledged steps
   */
  public record CheckoutVerdict(long steps, long forbiddenTransitions, long repeatedSteps) {}

  /**
   * The proof of one anomaly.
   *
   * @param anomaly the field of {@link Verdict}, {@link SessionVerdict} or {@link CheckoutVerdict} that counts it
   * @param explanation one sentence that is understandable alone
   * @param operations lines of the history
   */
  public record Counterexample(String anomaly, String session, String explanation, List<String> operations) {}
}
