package dev.statecraft.lab.fault;

import dev.statecraft.lab.checker.guarantee.FaultEffects;
import dev.statecraft.lab.checker.guarantee.FaultEffects.Effect;
import dev.statecraft.lab.checker.guarantee.SessionStrategy;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.FaultTarget;
import dev.statecraft.lab.environment.ReleaseFacts;
import java.util.List;
import java.util.Optional;

/**
 * Nodes are killed, their disks are taken away, and they are started again on empty ones: what a node without a volume
 * meets on Kubernetes.
 *
 * @param scope which nodes
 */
record Wipe(Scope scope) implements ProcessKill {
  /** Which nodes. */
  enum Scope {
    /** The most important one. */
    ONE_NODE,
    /** All at once. Then all is lost, and the run shows whether that is said; it hides what other faults would lose. */
    ALL_NODES
  }

  @Override
  public String name() {
    return scope == Scope.ONE_NODE ? "wipe" : "wipe-all";
  }

  @Override
  public Optional<String> onlyByName() {
    return scope == Scope.ONE_NODE ? Optional.empty() : Optional.of("loses all");
  }

  @Override
  public FaultEffects effects() {
    return FaultEffects.of(Effect.ENDS_PROCESS, Effect.WIPES_DISK);
  }

  @Override
  public Optional<String> unsupportedReason(SessionStrategy strategy) {
    return strategy == SessionStrategy.REPLICATED
        ? Optional.empty()
        : Optional.of("the nodes of " + strategy.id() + " keep nothing on a disk: to them it is a kill");
  }

  @Override
  public Optional<String> unsupportedOn(ReleaseFacts release) {
    return Optional.of("the lab takes no disk of a release away");
  }

  @Override
  public List<List<String>> chooseTargets(TargetSelector nodes) throws ClusterFailure {
    return List.of(scope == Scope.ONE_NODE ? List.of(nodes.mostImportant()) : nodes.all());
  }

  @Override
  public void inject(FaultTarget cluster, List<String> targets) throws ClusterFailure, InterruptedException {
    for (String target : targets) {
      cluster.kill(target);
      cluster.wipe(target);
    }
  }

  /** Until it can serve it is no member yet, so another wipe would be one at the same time. */
  @Override
  public boolean endsWhenRecovered() {
    return true;
  }
}
