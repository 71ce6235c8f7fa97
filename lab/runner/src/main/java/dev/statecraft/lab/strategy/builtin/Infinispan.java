package dev.statecraft.lab.strategy.builtin;

import dev.statecraft.lab.strategy.GuaranteeText;
import dev.statecraft.lab.strategy.StrategyProfile;

/** An Infinispan cache that every node holds. */
public final class Infinispan extends Grid {
  /** The failure detection of Infinispan listens at a port of its own. */
  private static final int FAILURE_DETECTION_OFFSET = 50_000;

  public Infinispan() {
    super(FAILURE_DETECTION_OFFSET);
  }

  @Override
  public String id() {
    return "infinispan";
  }

  @Override
  public GuaranteeText guarantee(String reads, String writes) {
    return new GuaranteeText(
        "any node serves any session from memory; a session survives the loss of all nodes but one", ANOMALY);
  }

  @Override
  public StrategyProfile profile() {
    return new StrategyProfile(id(), "in the memory of every node",
        "Few nodes, small sessions, and reads that must come from the node's own memory.",
        "A partition must not lose acknowledged writes, sessions are written by every request on many nodes, or the"
            + " whole cluster may stop at once.");
  }
}
