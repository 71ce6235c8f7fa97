package dev.statecraft.lab.environment.kubernetes;

import dev.statecraft.lab.checker.guarantee.SessionStrategy;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.FaultTarget;
import dev.statecraft.lab.environment.ReleaseFacts;
import dev.statecraft.lab.environment.SessionStoreState;
import dev.statecraft.lab.environment.kubernetes.ReleaseObjects.ReleasePod;
import dev.statecraft.lab.environment.kubernetes.ReleaseShape.Kind;
import dev.statecraft.lab.environment.kubernetes.ReleaseShape.Workload;
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
 * Pods of a release. Kubernetes starts again what is killed, so {@link #restart} waits until it has. Nothing is done to
 * a pod but through the API: a pod cannot be made to stand still.
 */
public final class ReleaseFaultTarget implements FaultTarget {
  /** A pod of a busy machine may wait long for its turn to start. */
  public static final Duration RECOVERY_TIMEOUT = Duration.ofMinutes(5);

  private final ReleaseShape shape;
  private final ReleaseObjects objects;
  private final Workload nodes;
  private final Limits limits;
  private final Scaling scaling;
  private final Duration poll;
  private final Map<String, String> killed = new LinkedHashMap<>();
  private String hitRedis = "";

  /**
   * What this release does not allow.
   *
   * @param portForwarded whether requests can reach one gateway pod alone
   * @param discoversNodes whether gateways find a node that was not there when they started
   * @param initialMembers how many nodes belong to a group for good; 0 where there is none
   */
  record Limits(boolean portForwarded, boolean discoversNodes, int initialMembers) {}

  /** Sets how many pods a workload is to have, and sees to it that this is undone in the end. */
  @FunctionalInterface
  interface Scaling {
    void scale(Workload workload, int replicas) throws ClusterFailure;
  }

  ReleaseFaultTarget(ReleaseShape shape, ReleaseObjects objects, SessionStrategy strategy, Limits limits,
      Scaling scaling, Duration poll) {
    this.shape = shape;
    this.objects = objects;
    this.nodes = shape.workload(strategy);
    this.limits = limits;
    this.scaling = scaling;
    this.poll = poll;
  }

  public static ReleaseFaultTarget of(Release release, SessionStrategy strategy) {
    return new ReleaseFaultTarget(release.shape(), release.objects(), strategy,
        new Limits(release.isPortForwarded(), release.discoversNodes(strategy), release.initialMembers(strategy)),
        release::scale,
        Duration.ofMillis(200));
  }

  /** What faults may want to know of this release. */
  public ReleaseFacts facts() {
    return new ReleaseFacts(nodes.name(), nodes.replicas(), shape.gateway().name(),
        shape.redis().map(Workload::name).orElse(null), shape.redis().map(Workload::replicas).orElse(0),
        limits.portForwarded(), limits.discoversNodes(), limits.initialMembers());
  }

  @Override
  public List<String> nodes() throws ClusterFailure {
    return objects.pods(nodes).stream().filter(pod -> !pod.leaving()).map(ReleasePod::name).toList();
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
      hitRedis = primary();
    }
    ReleasePod pod = present(name);
    killed.put(name, pod.uid());
    objects.delete(pod.name(), 0L);
  }

  /** The nodes that answer agree on it; a Redis without sentinels is one pod. */
  @Override
  public String primary() throws ClusterFailure, InterruptedException {
    long deadline = System.nanoTime() + RECOVERY_TIMEOUT.toNanos();
    while (true) {
      Optional<String> primary = hasReplicas() ? namedPrimary() : Optional.of(redis().name() + "-0");
      if (primary.isPresent()) {
        return primary.get();
      }
      pauseBefore(deadline, "the nodes did not agree on which Redis is the primary");
    }
  }

  private Optional<String> namedPrimary() {
    try {
      List<String> named = states().values().stream().flatMap(Optional::stream).map(SessionStoreState::primary)
          .filter(Objects::nonNull).map(host -> host.split("\\.", 2)[0]).distinct().toList();
      return named.size() == 1 ? Optional.of(named.getFirst()) : Optional.empty();
    } catch (ClusterFailure e) {
      // An API that does not answer for a while tells nothing yet.
      return Optional.empty();
    }
  }

  /** Nothing makes replicas fall behind: only what was under way can be lost. */
  @Override
  public void killPrimary(String primary, Duration behind) throws ClusterFailure, InterruptedException {
    kill(primary);
  }

  /** A pod that is back before its sentinels miss it would be the primary again. */
  @Override
  public void awaitFailover(String former) throws ClusterFailure, InterruptedException {
    long deadline = System.nanoTime() + RECOVERY_TIMEOUT.toNanos();
    while (namedPrimary().filter(primary -> !primary.equals(former)).isEmpty()) {
      if (holds(redis(), pods -> current(former, pods), deadline)) {
        kill(former);
      }
      pauseBefore(deadline, "no replica took the place of " + former);
    }
  }

  @Override
  public void rejoin(String former) throws ClusterFailure, InterruptedException {
    awaitReady(former);
  }

  @Override
  public void wipe(String name) {
    throw new UnsupportedOperationException("the lab takes no disk of a release away");
  }

  @Override
  public boolean terminate(String name) throws ClusterFailure, InterruptedException {
    ReleasePod pod = present(name);
    killed.put(name, pod.uid());
    objects.delete(pod.name(), null);
    return endsByItself(workload(name), pod);
  }

  @Override
  public void pause(String name) {
    throw new UnsupportedOperationException("a pod cannot be made to stand still");
  }

  @Override
  public void resume(String name) {
    throw new UnsupportedOperationException("a pod cannot be made to stand still");
  }

  @Override
  public void restart(String name) throws ClusterFailure, InterruptedException {
    await(name, name + " was not replaced", pods -> current(name, pods));
  }

  @Override
  public void awaitReady(String name) throws ClusterFailure, InterruptedException {
    await(name, name + " was not ready again", pods -> current(name, pods.stream().filter(ReleasePod::ready).toList()));
    if (name.equals(REDIS)) {
      // Another one, or the same where its pod was back before anyone missed it.
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
        pauseBefore(deadline, workload.name() + " was not rolled out");
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
    await(name, name + " was not made", pods -> current(name, pods));
  }

  @Override
  public boolean remove(String name) throws ClusterFailure, InterruptedException {
    ReleasePod pod = present(name);
    killed.put(name, pod.uid());
    scaling.scale(nodes, number(name));
    return endsByItself(nodes, pod);
  }

  private static int number(String pod) {
    return Integer.parseInt(pod.substring(pod.lastIndexOf('-') + 1));
  }

  /**
   * Waits until the pod is gone; false where Kubernetes told meanwhile that it had to kill it. How long it took says
   * nothing: a pod may outlast its processes by far.
   */
  private boolean endsByItself(Workload workload, ReleasePod pod) throws ClusterFailure, InterruptedException {
    AtomicBoolean killed = new AtomicBoolean();
    await(workload, pod.name() + " did not end", pods -> {
      List<ReleasePod> same = pods.stream().filter(other -> other.uid().equals(pod.uid())).toList();
      if (same.stream().anyMatch(ReleasePod::killed)) {
        killed.set(true);
      }
      return same.isEmpty();
    });
    return !killed.get();
  }

  /** Whether the pods, none of which is the one that was killed, are enough for that name to be there again. */
  private boolean current(String name, List<ReleasePod> pods) {
    String old = killed.get(name);
    Workload workload = workload(name);
    List<ReleasePod> alive = pods.stream().filter(pod -> !pod.leaving() && !pod.uid().equals(old)).toList();
    return workload.kind() == Kind.STATEFUL_SET
        ? alive.stream().anyMatch(pod -> pod.name().equals(podOf(name)))
        : alive.size() >= workload.replicas();
  }

  /** The pod that a name stands for now. */
  private ReleasePod present(String name) throws ClusterFailure {
    List<ReleasePod> pods = objects.pods(workload(name)).stream().filter(pod -> !pod.leaving()).toList();
    boolean any = name.equals(GATEWAY);
    return pods.stream().filter(pod -> any ? pod.ready() : pod.name().equals(podOf(name))).findFirst()
        .orElseThrow(() -> new ClusterFailure("there is no pod of " + name + " that could be hit"));
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
    return name.equals(REDIS) ? hitRedis : name;
  }

  private void await(String name, String failure, Predicate<List<ReleasePod>> is)
      throws ClusterFailure, InterruptedException {
    await(workload(name), failure, is);
  }

  private void await(Workload workload, String failure, Predicate<List<ReleasePod>> is)
      throws ClusterFailure, InterruptedException {
    long deadline = System.nanoTime() + RECOVERY_TIMEOUT.toNanos();
    while (!holds(workload, is, deadline)) {
      pauseBefore(deadline, failure);
    }
  }

  /** Whether it holds now; an API that does not answer for a while, which a busy one may not, tells nothing yet. */
  private boolean holds(Workload workload, Predicate<List<ReleasePod>> is, long deadline) throws ClusterFailure {
    try {
      return is.test(objects.pods(workload));
    } catch (ClusterFailure e) {
      if (System.nanoTime() > deadline) {
        throw e;
      }
      return false;
    }
  }

  private void pauseBefore(long deadline, String failure) throws ClusterFailure, InterruptedException {
    if (System.nanoTime() > deadline) {
      throw new ClusterFailure(failure + " within " + RECOVERY_TIMEOUT.toMinutes() + " minutes");
    }
    Thread.sleep(poll);
  }
}
