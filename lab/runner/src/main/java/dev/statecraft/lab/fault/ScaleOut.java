package dev.statecraft.lab.fault;

import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.FaultTarget;
import dev.statecraft.lab.environment.ReleaseFacts;
import dev.statecraft.lab.environment.local.LocalTrait;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Adds a node and removes it gracefully after a while. */
record ScaleOut() implements Fault {
  @Override
  public String name() {
    return "scale-out";
  }

  @Override
  public Set<LocalTrait> traits() {
    return Set.of(LocalTrait.SCALABLE);
  }

  @Override
  public Optional<String> unsupportedOn(ReleaseFacts release) {
    return release.discoversNodes()
        ? Optional.empty()
        : Optional.of("the gateways have a fixed list of nodes (set gateway.discovery=kubernetes)");
  }

  @Override
  public String describe(ReleaseFacts release) {
    return "scale " + release.nodes() + " to " + (release.replicas() + 1) + " and back";
  }

  /** Long enough for the gateway to discover the new node and to route requests to it. */
  @Override
  public Duration duration(Duration usual) {
    return usual.multipliedBy(3);
  }

  @Override
  public boolean takesTarget() {
    return false;
  }

  @Override
  public List<List<String>> chooseTargets(TargetSelector nodes) throws ClusterFailure {
    return List.of(List.of(nodes.cluster().nextNodeName()));
  }

  @Override
  public void inject(FaultTarget cluster, List<String> targets) throws ClusterFailure, InterruptedException {
    cluster.add(targets.getFirst());
    cluster.awaitReady(targets.getFirst());
  }

  @Override
  public void heal(FaultTarget cluster, String target) throws ClusterFailure, InterruptedException {
    remove(cluster, target);
  }

  static void remove(FaultTarget cluster, String target) throws ClusterFailure, InterruptedException {
    if (!cluster.remove(target)) {
      throw new ClusterFailure(target + " did not stop when it was removed, and was killed");
    }
  }

  /** The node has been removed, so nothing has to recover. */
  @Override
  public void awaitRecovery(FaultTarget cluster, String target) {}
}
