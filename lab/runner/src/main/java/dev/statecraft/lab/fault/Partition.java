package dev.statecraft.lab.fault;

import dev.statecraft.lab.checker.guarantee.FaultEffects;
import dev.statecraft.lab.checker.guarantee.FaultEffects.Effect;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.FaultTarget;
import dev.statecraft.lab.environment.ReleaseFacts;
import dev.statecraft.lab.environment.local.LocalTrait;
import dev.statecraft.lab.strategy.SessionStrategy;
import dev.statecraft.lab.strategy.StrategyTrait;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Cuts nodes off from all other nodes and from the shared store, for longer than the failure detectors wait and an
 * operation may take. Packets are dropped; connections stay open. The gateway still reaches every node, so clients use
 * both sides.
 */
record Partition(String name, boolean inbound, boolean outbound) implements Fault {
  /** The most important node, in both directions. */
  static final Partition ONE_NODE = new Partition("partition", true, true);
  /** The largest minority of the nodes, including the most important one. They reach each other. */
  static final Partition MINORITY = new Partition("partition-majority", true, true);
  /** Messages from the most important node are lost; messages to it arrive. */
  static final Partition OUTBOUND = new Partition("partition-one-way", false, true);
  /** Messages to the most important node are lost; messages from it arrive. */
  static final Partition INBOUND = new Partition("partition-inbound", true, false);

  /** Longer than the timeout of a failure detector plus that of an operation that began before it. */
  private static final Duration DURATION = Duration.ofSeconds(6);

  @Override
  public String requirement() {
    return "on Linux, as root";
  }

  @Override
  public FaultEffects effects() {
    return equals(ONE_NODE)
        ? FaultEffects.of(Effect.UNREACHABLE, Effect.SPLITS_NODES)
        : FaultEffects.of(Effect.SPLITS_NODES);
  }

  @Override
  public Set<LocalTrait> traits() {
    return Set.of(LocalTrait.PARTITIONABLE);
  }

  @Override
  public Optional<String> unsupportedReason(SessionStrategy strategy) {
    return strategy.has(StrategyTrait.HAS_NO_CONNECTIONS)
        ? Optional.of("the nodes of " + strategy.id() + " have no connections to cut")
        : Optional.empty();
  }

  @Override
  public Optional<String> unsupportedOn(ReleaseFacts release) {
    return Optional.of("the lab cannot cut connections between pods");
  }

  @Override
  public Duration duration(Duration usual) {
    return DURATION;
  }

  @Override
  public boolean takesTarget() {
    return !equals(MINORITY);
  }

  @Override
  public List<List<String>> chooseTargets(TargetSelector nodes) throws ClusterFailure {
    return List.of(equals(MINORITY) ? nodes.minority() : List.of(nodes.mostImportant()));
  }

  @Override
  public void inject(FaultTarget cluster, List<String> targets) throws ClusterFailure, InterruptedException {
    List<String> others = new ArrayList<>(cluster.nodes());
    others.removeAll(targets);
    others.addAll(cluster.stores());
    if (outbound) {
      cluster.cut(targets, others);
    }
    if (inbound) {
      cluster.cut(others, targets);
    }
  }

  @Override
  public void heal(FaultTarget cluster, String target) throws ClusterFailure, InterruptedException {
    cluster.reconnect();
  }
}
