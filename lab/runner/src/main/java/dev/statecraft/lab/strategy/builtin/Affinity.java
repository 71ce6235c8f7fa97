package dev.statecraft.lab.strategy.builtin;

import dev.statecraft.lab.strategy.GuaranteeText;
import dev.statecraft.lab.strategy.NodeContext;
import dev.statecraft.lab.strategy.SessionStrategy;
import dev.statecraft.lab.strategy.StrategyProfile;
import dev.statecraft.lab.strategy.StrategyTrait;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** One owner node for each session. */
public final class Affinity implements SessionStrategy {
  @Override
  public String id() {
    return "affinity";
  }

  @Override
  public GuaranteeText guarantee(String reads, String writes) {
    return new GuaranteeText("linearizable while its owner lives", "if a node is lost, its sessions are lost");
  }

  @Override
  public StrategyProfile profile() {
    return new StrategyProfile(id(), "in the memory of the node that created the session",
        "The loss of a session costs a user only a new login, and you do not want to operate a store or a quorum, or"
            + " to add a network hop between a request and its state.",
        "Users must not notice deployments and crashes: each node that stops loses its sessions. A busy node cannot"
            + " move its users to an idle one.");
  }

  @Override
  public boolean isPeer() {
    return false;
  }

  @Override
  public Set<StrategyTrait> traits() {
    return Set.of(StrategyTrait.SESSIONS_HAVE_OWNERS);
  }

  @Override
  public void configure(NodeContext node, Map<String, String> properties) {
    // Includes the spare node, so that it can hand its sessions over when it leaves.
    properties.put("statecraft.session.affinity.peers", node.httpAddresses().entrySet().stream()
        .map(peer -> peer.getKey() + "=http://" + peer.getValue()).collect(Collectors.joining(",")));
  }
}
