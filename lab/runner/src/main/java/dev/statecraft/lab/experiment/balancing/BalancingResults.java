package dev.statecraft.lab.experiment.balancing;

import dev.statecraft.lab.load.Measurement.Latency;
import dev.statecraft.lab.report.ExperimentResults;
import dev.statecraft.lab.report.Machine;
import dev.statecraft.lab.report.WebPage;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The content of {@code results.json} of a comparison of balancing rules. A public format: fields may be added, but not
 * changed without a new schema number.
 *
 * @param command repeats the measurement, with the same seed
 */
public record BalancingResults(String schema, Instant startedAt, String command, long seed, Machine machine,
    Setup setup, List<Run> runs) implements ExperimentResults {
  public static final String SCHEMA = "statecraft/balancing/1";

  @Override
  public String page() {
    BalancingPage page = BalancingPage.of(this);
    return new WebPage(BalancingPage.class, "balancing.mustache",
        "Statecraft: which node should serve the next request?", page, page.charts()).render();
  }

  @Override
  public String table(boolean colour) {
    return BalancingTable.render(this);
  }

  /**
   * The conditions, which are the same for all rules.
   *
   * @param nodes the initial number of nodes, including the slow one
   * @param slowdown how many times longer the slow node works
   * @param workMillis how long a normal node works on a request
   * @param steadySeconds the duration of the phase with unchanged nodes
   * @param changingSeconds the duration of the phase in which one node is killed and another is added
   */
  public record Setup(int nodes, String slowNode, int slowdown, int workMillis, double offeredPerSecond,
      double steadySeconds, double changingSeconds) {
    /** The share of each node, in percent, if all got the same number of requests. */
    public double fairPercent() {
      return 100.0 / nodes;
    }
  }

  /**
   * The measurement of one rule.
   *
   * @param grey empty in results before grey failures were measured
   */
  public record Run(String rule, Steady steady, Changing changing, List<Grey> grey) {
    public Run {
      grey = grey == null ? List.of() : List.copyOf(grey);
    }
  }

  /**
   * The phase in which one of the normal nodes fails, but reports that it is ready.
   *
   * @param fault {@code errors}, {@code slow} or {@code silent}
   * @param outlierEjection whether the gateway ejected nodes by their share of failures
   * @param attemptsPercent attempts at the failing node, per 100 attempts
   * @param ejectedAfterMillis from the fault to the first ejection by the gateway; null without one
   */
  public record Grey(String fault, boolean outlierEjection, long requests, long errors, double throughputPerSecond,
      @Nullable Latency latencyMillis, double attemptsPercent, @Nullable Double ejectedAfterMillis) {}

  /**
   * The phase with unchanged nodes.
   *
   * @param errors requests without an answer of 200
   * @param shares the answers of each node, in the order of the nodes
   */
  public record Steady(long requests, long errors, double throughputPerSecond, @Nullable Latency latencyMillis,
      List<Share> shares) {
    /** The share of answers from a node, in percent. */
    public double percent(String node) {
      return shares.stream().filter(share -> share.node().equals(node)).mapToDouble(Share::percent).sum();
    }
  }

  /** The answers from one node. */
  public record Share(String node, long answers, double percent) {}

  /**
   * The phase in which a node was killed and another was added.
   *
   * @param ejectedAfterMillis from the kill to the ejection by the gateway; null without one
   * @param admittedAfterMillis from the change of the list of nodes to the first answer of the new node; null without
   * one
   * @param retries attempts after the first
   * @param extraLoadPercent retries per 100 requests
   */
  public record Changing(long requests, long errors, double throughputPerSecond, @Nullable Latency latencyMillis,
      String killed, String joined, @Nullable Double ejectedAfterMillis, @Nullable Double admittedAfterMillis,
      long retries, double extraLoadPercent) {}
}
