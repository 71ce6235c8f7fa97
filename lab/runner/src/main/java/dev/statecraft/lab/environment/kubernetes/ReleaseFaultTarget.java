package dev.statecraft.lab.environment.kubernetes;

import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.FaultTarget;
import dev.statecraft.lab.environment.ReleaseFacts;
import dev.statecraft.lab.environment.SessionStoreState;
import dev.statecraft.lab.environment.kubernetes.ReleaseObjects.ReleasePod;
import dev.statecraft.lab.environment.kubernetes.ReleaseShape.Kind;
import dev.statecraft.lab.environment.kubernetes.ReleaseShape.Workload;
import dev.statecraft.lab.strategy.SessionStrategy;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Performs the operations of faults on the pods of a release through the Kubernetes API. {@link #restart} waits until
 * Kubernetes has replaced a killed pod. The API can neither pause a pod nor delete its disk.
 */
public final class ReleaseFaultTarget implements FaultTarget {
  /** On a busy host a pod may take minutes to start. */
  public static final Duration RECOVERY_TIMEOUT = Duration.ofMinutes(5);

  private final ReleaseShape shape;
  private final ReleaseObjects objects;
  private final Workload nodes;
  private final Limits limits;
  private final Scaling scaling;
  private final Duration pollInterval;
  private final Map<String, String> replacedUids = new LinkedHashMap<>();
  private String killedRedis = "";

  /** Properties of the release that exclude some faults, as in {@link ReleaseFacts}. */
  record Limits(boolean portForwarded, boolean discoversNodes, int initialMembers) {}

  @FunctionalInterface
  interface Scaling {
    void scale(Workload workload, int replicas) throws ClusterFailure;
  }

  ReleaseFaultTarget(ReleaseShape shape, ReleaseObjects objects, SessionStrategy strategy, Limits limits,
      Scaling scaling, Duration pollInterval) {
    this.shape = shape;
    this.objects = objects;
    this.nodes = shape.workload(strategy);
    this.limits = limits;
    this.scaling = scaling;
    this.pollInterval = pollInterval;
  }

  public static ReleaseFaultTarget of(Release release, SessionStrategy strategy) {
    return new ReleaseFaultTarget(release.shape(), release.objects(), strategy,
        new Limits(release.isPortForwarded(), release.discoversNodes(strategy), release.initialMembers(strategy)),
        release::scale, Duration.ofMillis(200));
  }

  /** The properties of this release that decide which faults it supports. */
  public ReleaseFacts facts() {
    return new ReleaseFacts(nodes.name(), nodes.replicas(), shape.gateway().name(),
        shape.redis().map(Workload::name).orElse(null), shape.redis().map(Workload::replicas).orElse(0),
        limits.portForwarded(), limits.discoversNodes(), limits.initialMembers());
  }

  @Override
  public List<String> nodes() throws ClusterFailure {
    return objects.pods(nodes).stream().filter(pod -> !pod.terminating()).map(ReleasePod::name).toList();
  }

  @Override
  public Map<String, Optional<SessionStoreState>> states() throws ClusterFailure {
    Map<String, Optional<SessionStoreState>> states = new LinkedHashMap<>();
    nodes().forEach(pod -> states.put(pod, objects.sessionStore(pod)));
    return states;
  }

  @Override
  public void kill(String name) throws ClusterFailure, InterruptedException {
    if (name.equals(REDIS)) {
      killedRedis = primary();
    }
    objects.delete(podToReplace(name).name(), 0L);
  }

  /** With sentinels, the primary that all answering nodes agree on. */
  @Override
  public String primary() throws ClusterFailure, InterruptedException {
    long deadline = System.nanoTime() + RECOVERY_TIMEOUT.toNanos();
    while (true) {
      Optional<String> primary = hasReplicas() ? reportedPrimary() : Optional.of(redis().name() + "-0");
      if (primary.isPresent()) {
        return primary.get();
      }
      sleepBefore(deadline, "the nodes did not agree on the Redis primary");
    }
  }

  private Optional<String> reportedPrimary() {
    try {
      List<String> reported = states().values().stream().flatMap(Optional::stream).map(SessionStoreState::primary)
          .filter(Objects::nonNull).map(host -> host.split("\\.", 2)[0]).distinct().toList();
      return reported.size() == 1 ? Optional.of(reported.getFirst()) : Optional.empty();
    } catch (ClusterFailure e) {
      // The API may be unavailable for a moment; the caller polls.
      return Optional.empty();
    }
  }

  /** Replicas cannot be delayed here, so only writes in flight can be lost. */
  @Override
  public void killPrimary(String primary, Duration lag) throws ClusterFailure, InterruptedException {
    kill(primary);
  }

  /** Kills the former primary again if it restarts before the sentinels have detected its failure. */
  @Override
  public void awaitFailover(String former) throws ClusterFailure, InterruptedException {
    long deadline = System.nanoTime() + RECOVERY_TIMEOUT.toNanos();
    while (reportedPrimary().filter(primary -> !primary.equals(former)).isEmpty()) {
      if (holds(redis(), pods -> isReplaced(former, pods), deadline)) {
        kill(former);
      }
      sleepBefore(deadline, "no replica replaced " + former);
    }
  }

  @Override
  public void rejoin(String former) throws ClusterFailure, InterruptedException {
    awaitReady(former);
  }

  @Override
  public boolean terminate(String name) throws ClusterFailure, InterruptedException {
    ReleasePod pod = podToReplace(name);
    objects.delete(pod.name(), null);
    return exitsByItself(name, pod);
  }

  @Override
  public void restart(String name) throws ClusterFailure, InterruptedException {
    await(name, name + " was not replaced", pods -> isReplaced(name, pods));
  }

  @Override
  public void awaitReady(String name) throws ClusterFailure, InterruptedException {
    await(name, name + " was not ready", pods -> isReplaced(name, pods.stream().filter(ReleasePod::ready).toList()));
    if (name.equals(REDIS)) {
      // Waits until the nodes agree on a primary.
      primary();
    }
  }

  @Override
  public List<String> rolloutTargets() throws ClusterFailure {
    return Stream.concat(objects.pods(nodes).stream().map(ReleasePod::name), Stream.of(GATEWAY)).toList();
  }

  @Override
  public void rollOut() throws ClusterFailure, InterruptedException {
    List<Workload> rolled = List.of(nodes, shape.gateway());
    for (Workload workload : rolled) {
      objects.restart(workload);
    }
    long deadline = System.nanoTime() + RECOVERY_TIMEOUT.toNanos();
    for (Workload workload : rolled) {
      while (!objects.isRolledOut(workload)) {
        sleepBefore(deadline, workload.name() + " was not rolled out");
      }
    }
  }

  @Override
  public String nextNodeName() {
    return nodes.name() + "-" + nodes.replicas();
  }

  @Override
  public String nodeToRemove() {
    return nodes.name() + "-" + (nodes.replicas() - 1);
  }

  @Override
  public void add(String name) throws ClusterFailure, InterruptedException {
    scaling.scale(nodes, number(name) + 1);
    await(name, name + " was not created", pods -> isReplaced(name, pods));
  }

  @Override
  public boolean remove(String name) throws ClusterFailure, InterruptedException {
    ReleasePod pod = podToReplace(name);
    scaling.scale(nodes, number(name));
    return exitsByItself(name, pod);
  }

  private static int number(String pod) {
    return Integer.parseInt(pod.substring(pod.lastIndexOf('-') + 1));
  }

  /**
   * Waits until the pod is deleted; returns false if Kubernetes reported a kill. The elapsed time does not show it,
   * because a pod may exist long after its processes have exited.
   */
  private boolean exitsByItself(String name, ReleasePod pod) throws ClusterFailure, InterruptedException {
    AtomicBoolean killed = new AtomicBoolean();
    await(name, pod.name() + " was not deleted", pods -> {
      List<ReleasePod> same = pods.stream().filter(other -> other.uid().equals(pod.uid())).toList();
      killed.compareAndSet(false, same.stream().anyMatch(ReleasePod::killed));
      return same.isEmpty();
    });
    return !killed.get();
  }

  /** Whether the killed pod of that name has been replaced. */
  private boolean isReplaced(String name, List<ReleasePod> pods) {
    String old = replacedUids.get(name);
    Workload workload = workload(name);
    List<ReleasePod> alive = pods.stream().filter(pod -> !pod.terminating() && !pod.uid().equals(old)).toList();
    return workload.kind() == Kind.STATEFUL_SET
        ? alive.stream().anyMatch(pod -> pod.name().equals(podOf(name)))
        : alive.size() >= workload.replicas();
  }

  /** The current pod of a name, which is remembered as replaced; for the gateway, any ready one. */
  private ReleasePod podToReplace(String name) throws ClusterFailure {
    boolean anyReady = name.equals(GATEWAY);
    ReleasePod current = objects.pods(workload(name)).stream().filter(pod -> !pod.terminating())
        .filter(pod -> anyReady ? pod.ready() : pod.name().equals(podOf(name))).findFirst()
        .orElseThrow(() -> new ClusterFailure("no running pod of " + name + " found"));
    replacedUids.put(name, current.uid());
    return current;
  }

  private Workload workload(String name) {
    return switch (name) {
      case GATEWAY -> shape.gateway();
      case REDIS -> redis();
      default -> shape.redis().filter(redis -> name.startsWith(redis.name() + "-")).orElse(nodes);
    };
  }

  private Workload redis() {
    return shape.redis().orElseThrow();
  }

  private boolean hasReplicas() {
    return redis().replicas() > 1;
  }

  private String podOf(String name) {
    return name.equals(REDIS) ? killedRedis : name;
  }

  private void await(String name, String failure, Predicate<List<ReleasePod>> condition)
      throws ClusterFailure, InterruptedException {
    long deadline = System.nanoTime() + RECOVERY_TIMEOUT.toNanos();
    while (!holds(workload(name), condition, deadline)) {
      sleepBefore(deadline, failure);
    }
  }

  /** Whether the condition holds; false if the API does not answer before the deadline. */
  private boolean holds(Workload workload, Predicate<List<ReleasePod>> condition, long deadline) throws ClusterFailure {
    try {
      return condition.test(objects.pods(workload));
    } catch (ClusterFailure e) {
      if (System.nanoTime() > deadline) {
        throw e;
      }
      return false;
    }
  }

  private void sleepBefore(long deadline, String failure) throws ClusterFailure, InterruptedException {
    if (System.nanoTime() > deadline) {
      throw new ClusterFailure(failure + " within " + RECOVERY_TIMEOUT.toMinutes() + " minutes");
    }
    Thread.sleep(pollInterval);
  }
}
