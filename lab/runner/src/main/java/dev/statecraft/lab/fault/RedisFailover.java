package dev.statecraft.lab.fault;

import dev.statecraft.lab.checker.guarantee.FaultEffects;
import dev.statecraft.lab.checker.guarantee.FaultEffects.Effect;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.FaultTarget;
import dev.statecraft.lab.environment.ReleaseFacts;
import dev.statecraft.lab.environment.local.LocalTrait;
import dev.statecraft.lab.strategy.SessionStrategy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Kills the primary of a Redis with two replicas and three sentinels. Before that, the replicas are made to fall
 * behind, so that acknowledged writes that were not replicated are lost. The fault ends when a replica has been
 * promoted; the former primary then restarts, empty, as a replica. On Kubernetes the replicas do not fall behind, and
 * the primary's pod is deleted repeatedly until a replica has been promoted.
 */
record RedisFailover() implements Fault {
  private static final Duration REPLICATION_LAG = Duration.ofMillis(500);

  @Override
  public String name() {
    return "redis-failover";
  }

  @Override
  public FaultEffects effects() {
    return FaultEffects.of(Effect.FAILS_OVER_STORE);
  }

  @Override
  public Set<LocalTrait> traits() {
    return Set.of(LocalTrait.SENTINELS);
  }

  @Override
  public Optional<String> unsupportedReason(SessionStrategy strategy) {
    return RedisKill.withoutRedis(strategy);
  }

  @Override
  public Optional<String> unsupportedOn(ReleaseFacts release) {
    if (release.redis() == null) {
      return Optional.of("the release runs no Redis of its own");
    }
    return release.redisHasReplicas()
        ? Optional.empty()
        : Optional.of("its Redis is a single server without a replica (set redis.mode=sentinel)");
  }

  @Override
  public String describe(ReleaseFacts release) {
    return "kill the primary of " + release.redis() + " until a replica is promoted";
  }

  @Override
  public boolean takesTarget() {
    return false;
  }

  @Override
  public List<List<String>> chooseTargets(TargetSelector nodes) throws ClusterFailure, InterruptedException {
    return List.of(List.of(nodes.cluster().primary()));
  }

  @Override
  public void inject(FaultTarget cluster, List<String> targets) throws ClusterFailure, InterruptedException {
    cluster.killPrimary(targets.getFirst(), REPLICATION_LAG);
  }

  @Override
  public void hold(FaultTarget cluster, List<String> targets, Duration duration)
      throws ClusterFailure, InterruptedException {
    cluster.awaitFailover(targets.getFirst());
  }

  /** The failover itself heals the fault. */
  @Override
  public void heal(FaultTarget cluster, String target) {}

  @Override
  public void awaitRecovery(FaultTarget cluster, String target) throws ClusterFailure, InterruptedException {
    cluster.rejoin(target);
  }
}
