package dev.statecraft.lab.environment;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * Where one strategy runs while it is measured: a cluster that takes load and faults.
 *
 * @param prefix where the strategy is reached through the gateway, without a slash at the end
 * @param nodes the stateful nodes, by the names that they give themselves
 * @param faultTarget what faults are injected into
 * @param recoveryTimeout how much longer than planned the load may go on for each fault, until the nodes that it hit
 * serve again
 * @param end what ends the cluster, where it is the run's own
 */
public record TestEnvironment(
    URI prefix, List<String> nodes, FaultTarget faultTarget, Duration recoveryTimeout, Runnable end)
    implements
      AutoCloseable {

  @Override
  public void close() {
    end.run();
  }
}
