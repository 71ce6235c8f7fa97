package dev.statecraft.lab.fault;

import dev.statecraft.lab.checker.guarantee.FaultEffects;
import dev.statecraft.lab.checker.guarantee.FaultEffects.Effect;
import dev.statecraft.lab.environment.FaultTarget;
import dev.statecraft.lab.environment.ReleaseFacts;
import dev.statecraft.lab.strategy.SessionStrategy;
import dev.statecraft.lab.strategy.StrategyTrait;
import java.util.List;
import java.util.Optional;

/** Kills the Redis server and restarts it empty. */
record RedisKill() implements ProcessKill {
  @Override
  public String name() {
    return "redis-kill";
  }

  @Override
  public FaultEffects effects() {
    return FaultEffects.of(Effect.EMPTIES_STORE);
  }

  @Override
  public Optional<String> unsupportedReason(SessionStrategy strategy) {
    return withoutRedis(strategy);
  }

  static Optional<String> withoutRedis(SessionStrategy strategy) {
    return strategy.has(StrategyTrait.USES_REDIS)
        ? Optional.empty()
        : Optional.of(strategy.id() + " does not use Redis");
  }

  @Override
  public Optional<String> unsupportedOn(ReleaseFacts release) {
    return release.redis() == null ? Optional.of("the release runs no Redis of its own") : Optional.empty();
  }

  @Override
  public String describe(ReleaseFacts release) {
    return "kill the pod of " + release.redis() + (release.redisHasReplicas() ? " that is the primary" : "");
  }

  @Override
  public boolean takesTarget() {
    return false;
  }

  @Override
  public List<List<String>> chooseTargets(TargetSelector nodes) {
    return List.of(List.of(FaultTarget.REDIS));
  }
}
