package dev.statecraft.lab.environment.local;

import dev.statecraft.lab.checker.guarantee.SessionStrategy;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.FaultTarget;
import dev.statecraft.lab.environment.SessionStoreState;
import dev.statecraft.lab.environment.local.process.Node;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** The nodes of a local cluster, as the targets of faults. */
public final class LocalFaultTarget implements FaultTarget {
  /** More than the time that Spring Boot gives requests under way when it shuts down. */
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(40);

  private final LocalCluster cluster;
  private final SessionStrategy strategy;

  public LocalFaultTarget(LocalCluster cluster, SessionStrategy strategy) {
    this.cluster = cluster;
    this.strategy = strategy;
  }

  @Override
  public List<String> nodes() {
    return cluster.nodes(strategy).stream().map(Node::name).toList();
  }

  @Override
  public List<String> stores() {
    return strategy == SessionStrategy.REDIS ? List.of(REDIS) : List.of();
  }

  @Override
  public OptionalLong pid(String name) {
    return node(name).process().map(process -> OptionalLong.of(process.pid())).orElseGet(OptionalLong::empty);
  }

  @Override
  public Map<String, Optional<SessionStoreState>> states() {
    Map<String, Optional<SessionStoreState>> states = new LinkedHashMap<>();
    cluster.nodes(strategy).forEach(node -> states.put(node.name(), SessionStoreState.of(node.uri())));
    return states;
  }

  @Override
  public void kill(String name) throws InterruptedException {
    node(name).kill();
  }

  @Override
  public void wipe(String name) throws ClusterFailure {
    cluster.wipe(node(name));
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
    cluster.setClock(node(name), error);
  }

  @Override
  public String furtherNode() {
    return cluster.spare(strategy).orElseThrow().name();
  }

  @Override
  public String lastNode() {
    return cluster.nodes(strategy).getLast().name();
  }

  @Override
  public void add(String name) throws ClusterFailure {
    cluster.join(strategy, node(name));
  }

  @Override
  public boolean remove(String name) throws ClusterFailure, InterruptedException {
    return cluster.leave(strategy, node(name), STOP_TIMEOUT);
  }

  @Override
  public void cut(List<String> from, List<String> to) throws ClusterFailure, InterruptedException {
    cluster.cut(from.stream().map(this::node).toList(), to.stream().map(this::node).toList());
  }

  @Override
  public void reconnect() throws ClusterFailure, InterruptedException {
    cluster.reconnect();
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
    return cluster.redis().orElseThrow();
  }

  private Node node(String name) {
    if (name.equals(GATEWAY)) {
      return cluster.gateway();
    }
    return cluster.redis().flatMap(tier -> tier.named(name))
        .or(() -> Stream.concat(cluster.nodes(strategy).stream(), cluster.spare(strategy).stream())
            .filter(node -> node.name().equals(name)).findFirst())
        .orElseThrow();
  }
}
