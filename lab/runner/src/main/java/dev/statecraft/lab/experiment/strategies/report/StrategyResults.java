package dev.statecraft.lab.experiment.strategies.report;

import dev.statecraft.lab.load.Measurement.Latency;
import dev.statecraft.lab.load.Measurement.Timeline;
import dev.statecraft.lab.report.ExperimentResults;
import dev.statecraft.lab.report.Machine;
import dev.statecraft.lab.report.WebPage;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The content of {@code results.json}. An interface: fields are added, and none changes its meaning without a new
 * schema number.
 *
 * @param command what a reader types to measure this again, with the seed
 * @param cluster the release that was measured; null where it was a cluster of the lab's own, on the machine itself
 */
public record StrategyResults(String schema, Instant startedAt, String command, long seed, Machine machine,
    @Nullable Cluster cluster, List<Run> runs) implements ExperimentResults {
  public static final String SCHEMA = "statecraft/results/1";

  /** What was measured on the machine of the lab itself. */
  public StrategyResults(String schema, Instant startedAt, String command, long seed, Machine machine, List<Run> runs) {
    this(schema, startedAt, command, seed, machine, null, runs);
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
   * @param gateway the URL that the load went to
   */
  public record Cluster(String kubernetes, String namespace, String release, String gateway) {}

  /**
   * One strategy under load and faults.
   *
   * @param guarantee what the strategy documents that it keeps
   * @param anomaly what it documents that it may lose
   * @param reads the read guarantee of {@code replicated}, otherwise null
   * @param sessions how many sessions the load kept open
   * @param errors requests answered by anything but 2xx, or by nothing; {@code unknown} is a part of them
   * @param unknown requests of which the client cannot tell whether they took effect
   * @param throughputPerSecond good answers in each second of the run
   * @param latencyMillis null where no request had a good answer
   * @param notRun faults that were asked for and not done; null in a file from before there were any
   * @param sessionVerdict what the judges of whole sessions found; null in a file from before they were asked
   * @param checkoutVerdict what the judge of checkouts found; null in a file from before it was asked
   * @param allowed the fields of these verdicts that the strategy documents that it may show
   * @param guaranteeKept whether every anomaly seen is one that the strategy documents
   * @param timeline latency over the run, for the chart; one point for each {@code intervalMillis}
   * @param counterexamples the few operations that prove each anomaly seen
   * @param history the file of recorded operations, relative to {@code results.json}
   */
  public record Run(String strategy, String guarantee, String anomaly, @Nullable String reads, int nodes, int sessions,
      double offeredPerSecond, double durationSeconds, long requests, long errors, long unknown,
      double throughputPerSecond, @Nullable Latency latencyMillis, List<FaultResult> faults,
      @Nullable List<NotRun> notRun, Verdict verdict, @Nullable SessionVerdict sessionVerdict,
      @Nullable CheckoutVerdict checkoutVerdict, List<String> allowed, boolean guaranteeKept,
      List<Counterexample> counterexamples, Timeline timeline, String history) {}

  /**
   * One fault and how long it was felt.
   *
   * @param atMillis since the run began
   * @param endedAtMillis since the run began: when its cause was gone (the node was started again), or null
   * @param routingRecoveredMillis from the fault to the first good answer for a session whose requests the dead node
   * would have served, or null where there was none
   * @param stateRecoveredMillis from the fault to the first correct answer for a session of the killed node, or null
   * where their state never came back
   * @param servesAgainMillis from the fault to the first answer by the restarted node itself, or null
   */
  public record FaultResult(
      String kind, String target, long atMillis, @Nullable Long endedAtMillis, @Nullable Double routingRecoveredMillis,
      @Nullable Double stateRecoveredMillis, @Nullable Double servesAgainMillis) {}

  /** A fault that was asked for and not done, and why: nothing is known of how the strategy would have fared. */
  public record NotRun(String fault, String why) {}

  /**
   * How often each anomaly was seen.
   *
   * @param operations how many operations were looked at: those of the warm-up and the last look at every cart too
   * @param lostItems what was in the carts of lost sessions, counted once
   */
  public record Verdict(long operations, long lostAcknowledgedWrites, long lostSessions, long lostItems,
      long staleReads, long backwardReads, long duplicates, long phantoms, long orderDisagreements) {}

  /**
   * How often each anomaly was seen that takes a whole session to judge.
   *
   * @param searched how many sessions were searched for an order that explains their answers
   * @param undecided in how many of them the search met its bound: nothing is known of those either way
   */
  public record SessionVerdict(long searched, long undecided, long notLinearizable, long readYourWrites,
      long monotonicReads, long monotonicWrites, long writesFollowReads, long lostUpdates, long resurrections,
      long twoLiveIds, long aliveAfterExpiry) {}

  /**
   * How often a checkout went a way that it must not.
   *
   * @param steps how many steps of checkouts were acknowledged
   */
  public record CheckoutVerdict(long steps, long forbiddenTransitions, long repeatedSteps) {}

  /**
   * The proof of one anomaly.
   *
   * @param anomaly the field of {@link Verdict}, {@link SessionVerdict} or {@link CheckoutVerdict} that it proves
   * @param explanation one sentence for a reader who sees nothing else
   * @param operations the operations, in the words of the history file
   */
  public record Counterexample(String anomaly, String session, String explanation, List<String> operations) {}
}
