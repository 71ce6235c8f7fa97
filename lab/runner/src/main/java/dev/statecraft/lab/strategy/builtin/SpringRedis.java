package dev.statecraft.lab.strategy.builtin;

import dev.statecraft.lab.strategy.GuaranteeText;
import dev.statecraft.lab.strategy.NodeContext;
import dev.statecraft.lab.strategy.SessionStrategy;
import dev.statecraft.lab.strategy.StrategyProfile;
import dev.statecraft.lab.strategy.StrategyTrait;
import java.util.Map;
import java.util.Set;

/** Spring Session's own repository in Redis. */
public final class SpringRedis implements SessionStrategy {
  @Override
  public String id() {
    return "spring-redis";
  }

  @Override
  public GuaranteeText guarantee(String reads, String writes) {
    return new GuaranteeText("any node serves any session",
        "the last of concurrent writes to a session wins; a save that races with a logout can bring back a part of"
            + " the session; what Redis loses on failover is lost");
  }

  @Override
  public StrategyProfile profile() {
    return new StrategyProfile(id(), "in a Redis server that all nodes share, by Spring Session's own repository",
        "You have it already, and the last of concurrent writes may win.",
        "Concurrent requests of one user must not overwrite each other, or reads must be cheap: each answer costs"
            + " several round trips to Redis.");
  }

  @Override
  public Set<StrategyTrait> traits() {
    return Set.of(StrategyTrait.USES_REDIS);
  }

  @Override
  public void configure(NodeContext node, Map<String, String> properties) {
    properties.putAll(node.redis());
    // The default of 60 s is longer than a client waits.
    properties.put("spring.data.redis.timeout", "1s");
  }
}
