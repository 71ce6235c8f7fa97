package dev.statecraft.lab.strategy.builtin;

import dev.statecraft.lab.checker.guarantee.Writes;
import dev.statecraft.lab.strategy.GuaranteeText;
import dev.statecraft.lab.strategy.NodeContext;
import dev.statecraft.lab.strategy.SessionStrategy;
import dev.statecraft.lab.strategy.StrategyProfile;
import dev.statecraft.lab.strategy.StrategyTrait;
import java.util.Map;
import java.util.Set;

/** One shared pool for all nodes. */
public final class Redis implements SessionStrategy {
  @Override
  public String id() {
    return "redis";
  }

  @Override
  public GuaranteeText guarantee(String reads, String writes) {
    return switch (writes) {
      case Writes.CONFIRMED -> new GuaranteeText(
          "any node serves any session; no acknowledged write is overwritten, or lost by a failover of Redis",
          "of concurrent writes only one succeeds; no writes while a replica is down");
      case Writes.COMPARE_AND_SET ->
        new GuaranteeText("any node serves any session; no acknowledged write is overwritten",
            "of concurrent writes only one succeeds; what Redis loses on failover is lost");
      default -> new GuaranteeText("any node serves any session",
          "the last of concurrent writes to a session wins; what Redis loses on failover is lost");
    };
  }

  @Override
  public StrategyProfile profile() {
    return new StrategyProfile(id(), "in a Redis server that all nodes share",
        "You already operate Redis with reliable persistence and failover, other services must read the sessions, or"
            + " nodes are added and removed often.",
        "You would operate Redis only for sessions. It must be operated and secured, every request needs a network"
            + " hop to it, and no session works while it is down.");
  }

  @Override
  public boolean isPeer() {
    return false;
  }

  @Override
  public Set<StrategyTrait> traits() {
    return Set.of(StrategyTrait.USES_REDIS, StrategyTrait.HAS_WRITE_MODES);
  }

  @Override
  public void configure(NodeContext node, Map<String, String> properties) {
    properties.putAll(node.redis());
    node.writes().ifPresent(writes -> {
      properties.put("statecraft.session.redis.writes", writes);
      // All replicas must confirm a write, because the sentinels may promote any of them.
      properties.put("statecraft.session.redis.replicas", Integer.toString(node.redisReplicas()));
    });
  }
}
