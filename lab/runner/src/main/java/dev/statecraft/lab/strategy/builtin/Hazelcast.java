package dev.statecraft.lab.strategy.builtin;

import dev.statecraft.lab.strategy.GuaranteeText;
import dev.statecraft.lab.strategy.StrategyProfile;

/** A Hazelcast map in the memory of the nodes, with two synchronous backups. */
public final class Hazelcast extends Grid {
  public Hazelcast() {
    super(0);
  }

  @Override
  public String id() {
    return "hazelcast";
  }

  @Override
  public GuaranteeText guarantee(String reads, String writes) {
    return new GuaranteeText("any node serves any session; a session survives the loss of two nodes at a time",
        ANOMALY);
  }

  @Override
  public StrategyProfile profile() {
    return new StrategyProfile(id(), "in the memory of the nodes, each session on three of them",
        "Sessions must survive the loss of a node without a store to operate, and the memory of one node would not"
            + " hold them all.",
        "A partition must not lose acknowledged writes, or the whole cluster may stop at once.");
  }
}
