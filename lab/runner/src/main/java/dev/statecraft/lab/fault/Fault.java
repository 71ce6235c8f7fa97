package dev.statecraft.lab.fault;

import dev.statecraft.lab.checker.guarantee.FaultEffects;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.FaultTarget;
import dev.statecraft.lab.environment.ReleaseFacts;
import dev.statecraft.lab.environment.local.LocalTrait;
import dev.statecraft.lab.strategy.SessionStrategy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A failure that the lab injects into a cluster under load. An implementation holds everything about its fault: the
 * targets, injection and healing, where it is supported, and which losses it excuses. To add a fault, implement this
 * interface and add it to {@link Faults}. {@link FaultInjector} runs it. Implementations are stateless values.
 */
public interface Fault {
  /** The name that {@code --faults} takes and that histories and results record. */
  String name();

  /** What the fault needs of a local machine, for the help text; empty if it needs nothing. */
  default String requirement() {
    return "";
  }

  /** Why {@code all} and {@code random} leave the fault out, as the end of "which ..."; empty if they include it. */
  default Optional<String> onlyByName() {
    return Optional.empty();
  }

  /** The effects that a strategy's guarantee depends on; by default none, so that no loss is excused. */
  default FaultEffects effects() {
    return FaultEffects.NONE;
  }

  /** What a local cluster needs so that the fault can be injected. */
  default Set<LocalTrait> traits() {
    return Set.of();
  }

  /** Why the fault does not apply to a strategy; empty if it does. */
  default Optional<String> unsupportedReason(SessionStrategy strategy) {
    return Optional.empty();
  }

  /** Why this machine cannot inject the fault into local processes with its traits; empty if it can. */
  default Optional<String> unsupportedLocally() {
    return Optional.empty();
  }

  /** Why the fault cannot be injected into a release on Kubernetes; empty if it can. */
  default Optional<String> unsupportedOn(ReleaseFacts release) {
    return Optional.empty();
  }

  /** What the fault does to a release, for the release's owner, such as "kill one pod of x". */
  default String describe(ReleaseFacts release) {
    return name();
  }

  /** How long the fault is held; {@code usual} is the run's default. */
  default Duration duration(Duration usual) {
    return usual;
  }

  /** Whether a user may name the stateful node that the fault hits. */
  default boolean takesTarget() {
    return true;
  }

  /** Groups of nodes that are hit together, one group after the other; by default the most important node. */
  default List<List<String>> chooseTargets(TargetSelector nodes) throws ClusterFailure, InterruptedException {
    return List.of(List.of(nodes.mostImportant()));
  }

  /** Starts the fault on all nodes of a group. */
  void inject(FaultTarget cluster, List<String> targets) throws ClusterFailure, InterruptedException;

  /** Runs between injection and healing; by default waits for {@code duration}. */
  default void hold(FaultTarget cluster, List<String> targets, Duration duration)
      throws ClusterFailure, InterruptedException {
    TimeUnit.NANOSECONDS.sleep(duration.toNanos());
  }

  /** Removes the cause from one node. Called for each node of a group, even if the injection failed. */
  void heal(FaultTarget cluster, String target) throws ClusterFailure, InterruptedException;

  /** Waits until a healed node has recovered. */
  default void awaitRecovery(FaultTarget cluster, String target) throws ClusterFailure, InterruptedException {
    cluster.awaitReady(target);
  }

  /** Whether the recorded end of the fault is the target's recovery; otherwise it is the healing. */
  default boolean endsWhenRecovered() {
    return false;
  }
}
