package dev.statecraft.lab.environment;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/** Where one strategy runs while it is measured: a cluster that takes load and faults. Closed when the run is over. */
public interface TestEnvironment extends AutoCloseable {

  /** Where the strategy is reached through the gateway, without a slash at the end. */
  URI prefix();

  /** The stateful nodes, by the names that they give themselves. */
  List<String> nodes() throws ClusterFailure;

  /** What faults are injected into. */
  FaultTarget faultTarget();

  /** How much longer than planned the load may go on for each fault, until the nodes that it hit serve again. */
  Duration recoveryTimeout();

  @Override
  void close();
}
