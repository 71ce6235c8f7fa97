package dev.statecraft.lab.fault;

import dev.statecraft.lab.checker.guarantee.FaultEffects;
import dev.statecraft.lab.checker.guarantee.FaultEffects.Effect;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.FaultTarget;
import dev.statecraft.lab.environment.ReleaseFacts;
import dev.statecraft.lab.strategy.SessionStrategy;
import dev.statecraft.lab.strategy.StrategyTrait;
import java.util.List;
import java.util.Optional;

/** Kills nodes and restarts them with empty disks, as happens to a pod without a volume on Kubernetes. */
record Wipe(String name, Optional<String> onlyByName) implements ProcessKill {
  /** Wipes the most important node. */
  static final Wipe ONE_NODE = new Wipe("wipe", Optional.empty());
  /** Wipes all nodes at once. All state is lost, which hides the losses of other faults. */
  static final Wipe ALL_NODES = new Wipe("wipe-all", Optional.of("loses all state"));

  @Override
  public FaultEffects effects() {
    return FaultEffects.of(Effect.ENDS_PROCESS, Effect.WIPES_DISK);
  }

  @Override
  public Optional<String> unsupportedReason(SessionStrategy strategy) {
    return strategy.has(StrategyTrait.HAS_DISKS)
        ? Optional.empty()
        : Optional.of("the nodes of " + strategy.id() + " store nothing on disk, so that it equals kill");
  }

  @Override
  public Optional<String> unsupportedOn(ReleaseFacts release) {
    return Optional.of("the lab does not remove the volumes of a release");
  }

  @Override
  public boolean takesTarget() {
    return !equals(ALL_NODES);
  }

  @Override
  public List<List<String>> chooseTargets(TargetSelector nodes) throws ClusterFailure {
    return List.of(equals(ALL_NODES) ? nodes.all() : List.of(nodes.mostImportant()));
  }

  @Override
  public void inject(FaultTarget cluster, List<String> targets) throws ClusterFailure, InterruptedException {
    for (String target : targets) {
      cluster.kill(target);
      cluster.wipe(target);
    }
  }

  /** A wiped node counts as lost until it has rejoined: another wipe before that overlaps with this one. */
  @Override
  public boolean endsWhenRecovered() {
    return true;
  }
}
