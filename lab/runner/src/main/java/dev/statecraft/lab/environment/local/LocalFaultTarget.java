package dev.statecraft.lab.environment.local;

import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.FaultTarget;
import dev.statecraft.lab.environment.Probe;
import dev.statecraft.lab.environment.SessionStoreState;
import dev.statecraft.lab.environment.local.process.NetworkNamespaces;
import dev.statecraft.lab.environment.local.process.Node;
import dev.statecraft.lab.environment.local.process.WorkDirectory;
import dev.statecraft.lab.strategy.SessionStrategy;
import dev.statecraft.lab.strategy.SharedStore;
import dev.statecraft.lab.strategy.StrategyTrait;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/** Performs the operations of faults on the processes of a {@link LocalCluster}. */
public final class LocalFaultTarget implements FaultTarget {
  /** Longer than the drain and the graceful shutdown of a service. */
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(40);

  /** Long enough for several elections and concurrent membership changes. */
  private static final Duration LEAVE_TIMEOUT = Duration.ofSeconds(30);
  /** Longer than a node on a busy machine takes to see that its clock has jumped. */
  private static final Duration CLOCK_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration CLOCK_PRECISION = Duration.ofSeconds(5);
  private static final int OK = 200;

  private final LocalCluster cluster;
  private final ClusterAssembly parts;
  private final SessionStrategy strategy;

  public LocalFaultTarget(LocalCluster cluster, SessionStrategy strategy) {
    this.cluster = cluster;
    this.parts = cluster.assembly();
    this.strategy = strategy;
  }

  @Override
  public List<String> nodes() {
    return cluster.nodes(strategy).stream().map(Node::name).toList();
  }

  @Override
  public List<String> stores() {
    return strategy.has(StrategyTrait.USES_REDIS)
        ? List.of(REDIS)
        : strategy.store().map(SharedStore::name).stream().toList();
  }

  @Override
  public OptionalLong pid(String name) {
    return node(name).process().map(process -> OptionalLong.of(process.pid())).orElseGet(OptionalLong::empty);
  }

  @Override
  public Map<String, Optional<SessionStoreState>> states() {
    Map<String, Optional<SessionStoreState>> states = new LinkedHashMap<>();
    cluster.nodes(strategy).forEach(node -> states.put(node.name(), SessionStoreState.fetch(node.uri())));
    return states;
  }

  @Override
  public void kill(String name) throws InterruptedException {
    node(name).kill();
  }

  @Override
  public void wipe(String name) throws ClusterFailure {
    ClusterFailure.orFail("delete the disk of " + name, () -> WorkDirectory.delete(parts.disk(name)));
  }

  @Override
  public boolean terminate(String name) throws InterruptedException {
    return node(name).terminate(STOP_TIMEOUT.toSeconds());
  }

  @Override
  public void pause(String name) throws InterruptedException {
    node(name).pause();
  }

  @Override
  public void resume(String name) throws InterruptedException {
    node(name).resume();
  }

  @Override
  public void restart(String name) throws ClusterFailure {
    node(name).start();
  }

  @Override
  public void awaitReady(String name) throws ClusterFailure, InterruptedException {
    cluster.awaitReady(node(name));
  }

  @Override
  public void setClock(String name, Duration error) throws ClusterFailure, InterruptedException {
    Node node = node(name);
    ClusterFailure.orFail("set the clock of " + name,
        () -> parts.clock(node).orElseThrow(() -> notPlanned(LocalTrait.OWN_CLOCKS)).set(error));
    Readiness.await(CLOCK_TIMEOUT,
        () -> "the clock of " + name + " did not change to an error of " + error.toSeconds() + " s",
        () -> hasClockError(node, error));
  }

  private static boolean hasClockError(Node node, Duration error) {
    return Probe.time(node.uri().resolve("/actuator/health/liveness"))
        .map(time -> Duration.between(Instant.now().plus(error), time).abs())
        .filter(off -> off.compareTo(CLOCK_PRECISION) < 0).isPresent();
  }

  private static IllegalStateException notPlanned(LocalTrait trait) {
    return new IllegalStateException("the cluster was planned without " + trait);
  }

  @Override
  public String nextNodeName() {
    return parts.spare(strategy).orElseThrow().name();
  }

  @Override
  public String nodeToRemove() {
    return cluster.nodes(strategy).getLast().name();
  }

  @Override
  public void add(String name) throws ClusterFailure {
    node(name).start();
    ClusterFailure.orFail("add " + name + " to the node list", () -> nodesFile().add(node(name)));
  }

  @Override
  public boolean remove(String name) throws ClusterFailure, InterruptedException {
    ClusterFailure.orFail("remove " + name + " from the node list", () -> nodesFile().remove(node(name)));
    if (strategy.has(StrategyTrait.LEAVES_GROUP)) {
      leaveGroup(node(name));
    }
    return terminate(name);
  }

  /** Waits until the group has committed the removal of the member. */
  private static void leaveGroup(Node node) throws ClusterFailure, InterruptedException {
    AtomicReference<OptionalInt> status = new AtomicReference<>(OptionalInt.empty());
    Readiness.await(LEAVE_TIMEOUT, () -> node.name() + " (" + answer(status.get()) + ") did not leave its group",
        () -> {
          status.set(Probe.delete(node.uri().resolve("/actuator/membership"), LEAVE_TIMEOUT));
          return status.get().orElse(0) == OK;
        });
  }

  private static String answer(OptionalInt status) {
    return status.isPresent() ? "last answer: " + status.getAsInt() : "no answer";
  }

  private NodesFile nodesFile() {
    return parts.nodesFile(strategy).orElseThrow(() -> notPlanned(LocalTrait.SCALABLE));
  }

  @Override
  public void cut(List<String> from, List<String> to) throws ClusterFailure, InterruptedException {
    for (String sender : from) {
      for (String receiver : to) {
        ClusterFailure.orFail("drop packets", () -> network().cut(sender, receiver));
      }
    }
  }

  @Override
  public void reconnect() throws ClusterFailure, InterruptedException {
    ClusterFailure.orFail("heal the partition", () -> network().reconnect());
  }

  private NetworkNamespaces network() {
    return parts.network().orElseThrow(() -> notPlanned(LocalTrait.PARTITIONABLE));
  }

  @Override
  public String primary() throws ClusterFailure {
    return redis().primary().orElseThrow(() -> new ClusterFailure("Redis has no primary")).name();
  }

  @Override
  public void killPrimary(String primary, Duration lag) throws InterruptedException {
    redis().killPrimary(node(primary), lag);
  }

  @Override
  public void awaitFailover(String former) throws ClusterFailure, InterruptedException {
    redis().awaitFailover(node(former));
  }

  @Override
  public void rejoin(String former) throws ClusterFailure, InterruptedException {
    redis().rejoin(node(former));
  }

  private RedisTier redis() {
    return parts.redis().orElseThrow();
  }

  private Node node(String name) {
    if (name.equals(GATEWAY)) {
      return cluster.gateway();
    }
    return parts.redis().flatMap(tier -> tier.named(name))
        .or(() -> Stream.concat(cluster.nodes(strategy).stream(), parts.spare(strategy).stream())
            .filter(node -> node.name().equals(name)).findFirst())
        .orElseThrow();
  }
}
