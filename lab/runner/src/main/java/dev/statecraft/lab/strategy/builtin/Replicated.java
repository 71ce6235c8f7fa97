package dev.statecraft.lab.strategy.builtin;

import dev.statecraft.lab.checker.guarantee.Reads;
import dev.statecraft.lab.strategy.GuaranteeText;
import dev.statecraft.lab.strategy.MemberPorts;
import dev.statecraft.lab.strategy.NodeContext;
import dev.statecraft.lab.strategy.SessionStrategy;
import dev.statecraft.lab.strategy.StrategyProfile;
import dev.statecraft.lab.strategy.StrategyTrait;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A consistent copy at every node. */
public final class Replicated implements SessionStrategy {
  private static final String PREFIX = "statecraft.session.replicated.";

  @Override
  public String id() {
    return "replicated";
  }

  @Override
  public GuaranteeText guarantee(String reads, String writes) {
    return new GuaranteeText("an acknowledged write survives the loss of any minority of nodes; " + switch (reads) {
      case Reads.LINEARIZABLE -> "every read sees all that was acknowledged before it";
      case Reads.LOCAL -> "a read sees what its node has applied so far";
      default -> "users read their own writes, and their reads are monotonic";
    }, "the minority side of a partition rejects writes; losing the disks of a majority loses what they held"
        + (reads.equals(Reads.LOCAL) ? "; reads may be stale" : ""));
  }

  @Override
  public StrategyProfile profile() {
    return new StrategyProfile(id(), "on every node, replicated by a Raft group of the nodes",
        "Acknowledged writes must survive the loss of a node, reads should come from memory, and you do not want to"
            + " operate a store.",
        "Sessions are large or written by every request: a write needs a majority before it is acknowledged, and each"
            + " node stores every session. Also not if nodes are added and removed every few minutes.");
  }

  @Override
  public boolean isPeer() {
    return false;
  }

  @Override
  public Set<StrategyTrait> traits() {
    return Set.of(StrategyTrait.HAS_READ_MODES, StrategyTrait.HAS_LEADER, StrategyTrait.HAS_DISKS,
        StrategyTrait.LEAVES_GROUP);
  }

  @Override
  public Optional<MemberPorts> memberPorts() {
    return Optional.of(new MemberPorts(false, 0));
  }

  @Override
  public void configure(NodeContext node, Map<String, String> properties)
      throws IOException, InterruptedException {
    boolean founds = node.members().containsKey(node.name());
    properties.put(PREFIX + "members",
        node.memberList() + (founds ? "" : "," + node.name() + "=" + node.newAddress()));
    properties.put(PREFIX + "directory", node.newDisk().toString());
    properties.put(PREFIX + "reads", node.reads().orElse(Reads.SESSION));
    if (!founds) {
      properties.put(PREFIX + "joins", "true");
    }
    if (node.isScalable()) {
      // The membership endpoint is not exposed by default.
      properties.put("management.endpoints.web.exposure.include", "health,prometheus,sessionstore,membership");
    }
  }

  @Override
  public int minNodes() {
    return 3;
  }

  @Override
  public Optional<String> unsupportedReason(int nodes) {
    return nodes < minNodes() || nodes % 2 == 0
        ? Optional.of("needs an odd number of nodes, at least " + minNodes())
        : Optional.empty();
  }

  @Override
  public boolean isLinearizable(String reads) {
    return reads.equals(Reads.LINEARIZABLE);
  }
}
