package dev.statecraft.lab.fault;

import dev.statecraft.lab.checker.guarantee.FaultEffects;
import dev.statecraft.lab.checker.guarantee.FaultEffects.Effect;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.FaultTarget;
import dev.statecraft.lab.environment.ReleaseFacts;
import dev.statecraft.lab.environment.local.LocalTrait;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Removes a node gracefully and adds it again after a while. */
record ScaleIn() implements Fault {
  @Override
  public String name() {
    return "scale-in";
  }

  @Override
  public FaultEffects effects() {
    return FaultEffects.of(Effect.ENDS_PROCESS);
  }

  @Override
  public Set<LocalTrait> traits() {
    return Set.of(LocalTrait.SCALABLE);
  }

  @Override
  public Optional<String> unsupportedOn(ReleaseFacts release) {
    if (release.replicas() <= release.initialMembers()) {
      return Optional.of("all " + release.replicas() + " nodes are permanent members of the Raft group");
    }
    return release.replicas() < 2 ? Optional.of("the release has only one node") : Optional.empty();
  }

  @Override
  public String describe(ReleaseFacts release) {
    return "scale " + release.nodes() + " to " + (release.replicas() - 1) + " and back";
  }

  @Override
  public boolean takesTarget() {
    return false;
  }

  @Override
  public List<List<String>> chooseTargets(TargetSelector nodes) throws ClusterFailure {
    return List.of(List.of(nodes.cluster().nodeToRemove()));
  }

  @Override
  public void inject(FaultTarget cluster, List<String> targets) throws ClusterFailure, InterruptedException {
    ScaleOut.remove(cluster, targets.getFirst());
  }

  @Override
  public void heal(FaultTarget cluster, String target) throws ClusterFailure, InterruptedException {
    cluster.add(target);
  }
}
