package dev.statecraft.lab.environment.local;

import dev.statecraft.lab.checker.guarantee.SessionStrategy;
import dev.statecraft.lab.environment.FaultTarget;
import dev.statecraft.lab.environment.TestEnvironment;
import dev.statecraft.lab.environment.local.process.Node;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/** A cluster of processes of this machine, started for one strategy and ended with it. */
public record LocalEnvironment(LocalCluster cluster, SessionStrategy strategy) implements TestEnvironment {
  private static final Duration RECOVERY_TIMEOUT = Duration.ofSeconds(90);

  @Override
  public URI prefix() {
    return cluster.prefix(strategy);
  }

  @Override
  public List<String> nodes() {
    return cluster.nodes(strategy).stream().map(Node::name).toList();
  }

  @Override
  public FaultTarget faultTarget() {
    return new LocalFaultTarget(cluster, strategy);
  }

  @Override
  public Duration recoveryTimeout() {
    return RECOVERY_TIMEOUT;
  }

  @Override
  public void close() {
    cluster.close();
  }
}
