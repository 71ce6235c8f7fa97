package dev.statecraft.lab.fault;

import dev.statecraft.lab.checker.guarantee.FaultEffects;
import dev.statecraft.lab.checker.guarantee.SessionStrategy;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.FaultTarget;
import dev.statecraft.lab.environment.ReleaseFacts;
import dev.statecraft.lab.environment.local.LocalTrait;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Something that goes wrong in a cluster under load. A fault says all there is to say about it: what it hits, how it is
 * injected and healed, where that is possible, and what it excuses. A new one is a new implementation and an entry of
 * {@link Faults}. {@link FaultInjector} runs it. Implementations are stateless values.
 */
public interface Fault {
  /** The name that {@code --faults} takes and that histories and results record. */
  String name();

  /** Further names that {@code --faults} takes and that older histories record. */
  default List<String> aliases() {
    return List.of();
  }

  /** What it needs of the machine, in words for the help text; empty where it needs nothing. */
  default String requirement() {
    return "";
  }

  /** Why it is injected only where it is asked for by name, as the end of "which ..."; empty where it need not be. */
  default Optional<String> onlyByName() {
    return Optional.empty();
  }

  /** What it does, as far as the guarantees of the strategies depend on it; excuses nothing by default. */
  default FaultEffects effects() {
    return FaultEffects.NONE;
  }

  /** What a local cluster must have so that it can be injected. */
  default Set<LocalTrait> traits() {
    return Set.of();
  }

  /** Why it makes no sense with a strategy, in words; empty where it does. */
  default Optional<String> unsupportedReason(SessionStrategy strategy) {
    return Optional.empty();
  }

  /** Why it cannot be injected into processes of this machine that have its traits; empty where it can. */
  default Optional<String> unsupportedLocally() {
    return Optional.empty();
  }

  /** Why it cannot be injected into a release on Kubernetes, in words; empty where it can. */
  default Optional<String> unsupportedOn(ReleaseFacts release) {
    return Optional.empty();
  }

  /** What it would do to a release that supports it, in words for the release's owner, such as "kill one pod of x". */
  default String describe(ReleaseFacts release) {
    return name();
  }

  /** How long it is held, where {@code usual} is how long faults of this run are held that do not mind. */
  default Duration duration(Duration usual) {
    return usual;
  }

  /**
   * What it hits: groups of nodes, each group at once, one group after the other. By default the most important node.
   */
  default List<List<String>> chooseTargets(TargetSelector nodes) throws ClusterFailure, InterruptedException {
    return List.of(List.of(nodes.mostImportant()));
  }

  /** Has the fault begin for all nodes of a group. */
  void inject(FaultTarget cluster, List<String> targets) throws ClusterFailure, InterruptedException;

  /** What happens while it lasts; waits by default. */
  default void hold(FaultTarget cluster, List<String> targets, Duration duration)
      throws ClusterFailure, InterruptedException {
    TimeUnit.NANOSECONDS.sleep(duration.toNanos());
  }

  /** Takes the cause away from one node. Called for each node of a group, also where the injection failed. */
  void heal(FaultTarget cluster, String target) throws ClusterFailure, InterruptedException;

  /** Waits until a node that was healed has recovered. */
  default void awaitRecovery(FaultTarget cluster, String target) throws ClusterFailure, InterruptedException {
    cluster.awaitReady(target);
  }

  /** Whether it counts as over only when its target has recovered, and not when it is healed. */
  default boolean endsWhenRecovered() {
    return false;
  }
}
