package dev.statecraft.lab.fault;

import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.FaultTarget;
import dev.statecraft.lab.environment.ReleaseFacts;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A rolling upgrade: terminates and restarts one node after the other, each after the previous one is ready. On
 * Kubernetes it is a rollout of the nodes and the gateways at the same time.
 */
record RollingRestart() implements ProcessKill {
  @Override
  public String name() {
    return "rolling";
  }

  @Override
  public Optional<String> unsupportedOn(ReleaseFacts release) {
    return release.portForwarded() ? Optional.of(GatewayKill.UNSUPPORTED_FORWARDED) : Optional.empty();
  }

  @Override
  public String describe(ReleaseFacts release) {
    return "replace every pod of " + release.nodes() + " and " + release.gateway();
  }

  @Override
  public Duration duration(Duration usual) {
    return Duration.ZERO;
  }

  @Override
  public boolean takesTarget() {
    return false;
  }

  @Override
  public List<List<String>> chooseTargets(TargetSelector nodes) throws ClusterFailure {
    List<String> rolloutTargets = nodes.cluster().rolloutTargets();
    return rolloutTargets.isEmpty() ? nodes.all().stream().map(List::of).toList() : List.of(rolloutTargets);
  }

  @Override
  public void inject(FaultTarget cluster, List<String> targets) throws ClusterFailure, InterruptedException {
    if (cluster.rolloutTargets().isEmpty()) {
      Terminate.terminate(cluster, targets.getFirst());
    } else {
      cluster.rollOut();
    }
  }
}
