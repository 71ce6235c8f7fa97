package dev.statecraft.lab.experiment.balancing;

import dev.statecraft.lab.load.Measurement.Latency;
import dev.statecraft.lab.report.ExperimentResults;
import dev.statecraft.lab.report.Machine;
import dev.statecraft.lab.report.WebPage;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The content of {@code results.json} of a comparison of balancing rules. An interface: fields are added, and none
 * changes its meaning without a new schema number.
 *
 * @param command what a reader types to measure this again, with the seed
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
   * What all rules met.
   *
   * @param nodes members at first, the slow one among them
   * @param slowdown how many times longer than the others the slow node works
   * @param workMillis what a request waits at a node that is not slow
   * @param steadySeconds how long the members stayed as they were
   * @param changingSeconds how long the second part lasted, in which one is killed and another joins
   */
  public record Setup(int nodes, String slowNode, int slowdown, int workMillis, double offeredPerSecond,
      double steadySeconds, double changingSeconds) {
    /** What a node would get of a hundred requests if all got the same. */
    public double fairPercent() {
      return 100.0 / nodes;
    }
  }

  /** One rule. */
  public record Run(String rule, Steady steady, Changing changing) {}

  /**
   * While nothing happened.
   *
   * @param errors requests answered by anything but 200, or by nothing
   * @param shares what each member served, in the order of the members
   */
  public record Steady(
      long requests, long errors, double throughputPerSecond, @Nullable Latency latencyMillis, List<Share> shares) {
    /** What a node served of a hundred requests. */
    public double percent(String node) {
      return shares.stream().filter(share -> share.node().equals(node)).mapToDouble(Share::percent).sum();
    }
  }

  /** What one node served. */
  public record Share(String node, long answers, double percent) {}

  /**
   * While a node was killed and another joined.
   *
   * @param ejectedAfterMillis from the kill until the gateway sent the killed node nothing more, or null where it never
   * did
   * @param admittedAfterMillis from the change of the list of nodes to the first answer of the node that joined, or
   * null where there was none
   * @param retries attempts after the first
   * @param extraLoadPercent retries for each hundred requests
   */
  public record Changing(long requests, long errors, double throughputPerSecond, @Nullable Latency latencyMillis,
      String killed, String joined, @Nullable Double ejectedAfterMillis, @Nullable Double admittedAfterMillis,
      long retries, double extraLoadPercent) {}
}
