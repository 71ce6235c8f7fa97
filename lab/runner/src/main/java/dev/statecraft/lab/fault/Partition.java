package dev.statecraft.lab.fault;

import dev.statecraft.lab.checker.guarantee.FaultEffects;
import dev.statecraft.lab.checker.guarantee.FaultEffects.Effect;
import dev.statecraft.lab.checker.guarantee.SessionStrategy;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.FaultTarget;
import dev.statecraft.lab.environment.ReleaseFacts;
import dev.statecraft.lab.environment.local.LocalTrait;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Nodes are cut off from all other nodes and from Redis, for longer than failure detectors wait and an operation may
 * take. What is sent vanishes; no connection breaks. The gateway reaches every node, so clients meet both sides.
 *
 * @param cut which nodes, and in which direction
 */
record Partition(Cut cut) implements Fault {
  /** Longer than failure detectors wait, and the operation after that which still waited for an answer. */
  private static final Duration DURATION = Duration.ofSeconds(6);

  /** What is cut. */
  enum Cut {
    /** The most important node, in both directions. */
    ONE_NODE("partition", true, true),
    /** As many nodes as are less than half, the most important one among them. They reach each other. */
    MINORITY("partition-majority", true, true),
    /** What the most important node sends is lost; what is sent to it arrives. */
    OUTBOUND("partition-one-way", false, true),
    /** What is sent to the most important node is lost; what it sends arrives. */
    INBOUND("partition-inbound", true, false);

    private final String fault;
    private final boolean inbound;
    private final boolean outbound;

    Cut(String fault, boolean inbound, boolean outbound) {
      this.fault = fault;
      this.inbound = inbound;
      this.outbound = outbound;
    }
  }

  @Override
  public String name() {
    return cut.fault;
  }

  @Override
  public List<String> aliases() {
    // Deprecated: the name until 0.1.
    return cut == Cut.INBOUND ? List.of("partition-deaf") : List.of();
  }

  @Override
  public String requirement() {
    return "on Linux, as root";
  }

  @Override
  public FaultEffects effects() {
    return cut == Cut.ONE_NODE ? FaultEffects.of(Effect.UNREACHABLE) : FaultEffects.NONE;
  }

  @Override
  public Set<LocalTrait> traits() {
    return Set.of(LocalTrait.PARTITIONABLE);
  }

  @Override
  public Optional<String> unsupportedReason(SessionStrategy strategy) {
    return strategy == SessionStrategy.COOKIE
        ? Optional.of("the nodes of cookie speak to nobody that they could be cut off from")
        : Optional.empty();
  }

  @Override
  public Optional<String> unsupportedOn(ReleaseFacts release) {
    return Optional.of("the lab cuts no connections between pods");
  }

  @Override
  public Duration duration(Duration usual) {
    return DURATION;
  }

  @Override
  public List<List<String>> chooseTargets(TargetSelector nodes) throws ClusterFailure {
    return List.of(cut == Cut.MINORITY ? nodes.minority() : List.of(nodes.mostImportant()));
  }

  @Override
  public void inject(FaultTarget cluster, List<String> targets) throws ClusterFailure, InterruptedException {
    List<String> others = new ArrayList<>(cluster.nodes());
    others.removeAll(targets);
    others.addAll(cluster.stores());
    if (cut.outbound) {
      cluster.cut(targets, others);
    }
    if (cut.inbound) {
      cluster.cut(others, targets);
    }
  }

  @Override
  public void heal(FaultTarget cluster, String target) throws ClusterFailure, InterruptedException {
    cluster.reconnect();
  }
}
