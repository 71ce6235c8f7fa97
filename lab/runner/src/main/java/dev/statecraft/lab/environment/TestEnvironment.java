package dev.statecraft.lab.environment;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The cluster that runs one strategy under load and faults.
 *
 * @param prefix the URL of the strategy behind the gateway, without a trailing slash
 * @param nodes the names of the stateful nodes
 * @param faultTarget the target of the faults
 * @param recoveryTimeout how long the load may continue beyond its plan, for each fault, until its targets serve again
 * @param compilerTime the CPU time that the JIT compilers of all nodes and the gateway have used; empty if unknown
 * @param cpuTime the CPU time that the processes have used; empty if unknown, or if one does not run
 * @param closeAction stops the cluster, if it was started for this run
 */
public record TestEnvironment(URI prefix, List<String> nodes, FaultTarget faultTarget, Duration recoveryTimeout,
    Supplier<Optional<Duration>> compilerTime, Supplier<Optional<ClusterCpu>> cpuTime,
    Runnable closeAction) implements AutoCloseable {

  @Override
  public void close() {
    closeAction.run();
  }
}
