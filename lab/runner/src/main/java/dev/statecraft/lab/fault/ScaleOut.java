package dev.statecraft.lab.fault;

import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.FaultTarget;
import dev.statecraft.lab.environment.ReleaseFacts;
import dev.statecraft.lab.environment.local.LocalTrait;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A further node joins, stays for a while, and is taken out again in good order. */
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
        : Optional.of("the gateways know these nodes by name (gateway.discovery=kubernetes finds new ones)");
  }

  @Override
  public String describe(ReleaseFacts release) {
    return "scale " + release.nodes() + " to " + (release.replicas() + 1) + " and back";
  }

  /** Long enough for the new node to be found and to get a share of the requests. */
  @Override
  public Duration duration(Duration usual) {
    return usual.multipliedBy(3);
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
      throw new ClusterFailure(target + " did not end when it was taken out, and had to be killed");
    }
  }

  /** It is gone. */
  @Override
  public void awaitRecovery(FaultTarget cluster, String target) {}
}
