package dev.statecraft.lab.environment;

import dev.statecraft.lab.checker.guarantee.SessionStrategy;
import dev.statecraft.lab.experiment.strategies.ComparePlan;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/** Where one strategy runs while it is measured: a cluster that can be loaded and harmed. Closed when it is over. */
public interface TestEnvironment extends AutoCloseable {

  /** Where the strategy stands behind the gateway, without a slash at the end. */
  URI prefix();

  /** The stateful nodes, by the names that they give themselves. */
  List<String> nodes() throws ClusterFailure;

  /** What faults are done to. */
  FaultTarget subject();

  /** How much longer than planned the load goes on for each fault, for the nodes that it hit to serve again. */
  Duration patience();

  @Override
  void close();

  /** Makes stages ready. */
  @FunctionalInterface
  interface Stages {

    /**
     * A stage on which the strategy is ready to serve.
     *
     * @throws ClusterFailure where it does not come up
     */
    TestEnvironment set(ComparePlan plan, SessionStrategy strategy) throws ClusterFailure, InterruptedException;
  }
}
