package dev.statecraft.lab.strategy.builtin;

import dev.statecraft.lab.strategy.MemberPorts;
import dev.statecraft.lab.strategy.NodeContext;
import dev.statecraft.lab.strategy.SessionStrategy;
import java.util.Map;
import java.util.Optional;

/** The nodes form a data grid, which keeps the sessions in their memory. */
abstract sealed class Grid implements SessionStrategy permits Hazelcast, Infinispan {
  static final String ANOMALY = "the last of concurrent writes to an attribute wins; all sides of a"
      + " partition accept writes, and one side's are lost when it heals; losing all nodes loses all sessions";

  private final int secondPortOffset;

  Grid(int secondPortOffset) {
    this.secondPortOffset = secondPortOffset;
  }

  @Override
  public final Optional<MemberPorts> memberPorts() {
    return Optional.of(new MemberPorts(true, secondPortOffset));
  }

  @Override
  public final void configure(NodeContext node, Map<String, String> properties) {
    properties.put("statecraft.session." + id() + ".members", node.memberList());
  }
}
