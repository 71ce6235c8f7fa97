package dev.statecraft.lab.environment.local;

import dev.statecraft.lab.checker.guarantee.SessionStrategy;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.FaultTarget;
import dev.statecraft.lab.environment.SessionStoreState;
import dev.statecraft.lab.environment.local.process.Node;
import dev.statecraft.lab.fault.Fault;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A cluster of processes of this machine. */
public final class LocalFaultTarget implements FaultTarget {
  /** More than Spring Boot's own patience with the requests under way. */
  private static final Duration FAREWELL = Duration.ofSeconds(40);

  private final LocalCluster cluster;
  private final SessionStrategy strategy;

  public LocalFaultTarget(LocalCluster cluster, SessionStrategy strategy) {
    this.cluster = cluster;
    this.strategy = strategy;
  }

  @Override
  public Optional<String> whyNot(Fault fault) {
    return whyNot(fault, strategy);
  }

  static Optional<String> whyNot(Fault fault, SessionStrategy strategy) {
    return switch (fault) {
      case Fault.Clock _ -> fault.whyNot(strategy).or(LocalCluster::whyNoOwnClocks);
      case Fault.Partition _ -> fault.whyNot(strategy).or(LocalCluster::whyNotDivisible);
      default -> fault.whyNot(strategy);
    };
  }

  @Override
  public Map<String, Optional<SessionStoreState>> states() {
    Map<String, Optional<SessionStoreState>> states = new LinkedHashMap<>();
    cluster.nodes(strategy).forEach(node -> states.put(node.name(), cluster.sessionStore(node)));
    return states;
  }

  @Override
  public void kill(String name) throws InterruptedException {
    cluster.kill(node(name));
  }

  @Override
  public void wipe(String name) throws ClusterFailure {
    cluster.wipe(node(name));
  }

  @Override
  public boolean terminate(String name) throws InterruptedException {
    return cluster.terminate(node(name), FAREWELL);
  }

  @Override
  public void pause(String name) throws InterruptedException {
    cluster.pause(node(name));
  }

  @Override
  public void resume(String name) throws InterruptedException {
    cluster.resume(node(name));
  }

  @Override
  public void restart(String name) throws ClusterFailure {
    cluster.restart(node(name));
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
    return cluster.leave(strategy, node(name), FAREWELL);
  }

  @Override
  public void cut(List<String> from, List<String> to) throws ClusterFailure, InterruptedException {
    cluster.cut(from.stream().map(this::node).toList(), to.stream().map(this::node).toList());
  }

  @Override
  public void mend() throws ClusterFailure, InterruptedException {
    cluster.mend();
  }

  @Override
  public String primary() throws ClusterFailure, InterruptedException {
    return cluster.primary().name();
  }

  @Override
  public void killPrimary(String primary, Duration behind) throws ClusterFailure, InterruptedException {
    cluster.killPrimary(node(primary), behind);
  }

  @Override
  public void awaitFailover(String former) throws ClusterFailure, InterruptedException {
    cluster.awaitFailover(node(former));
  }

  @Override
  public void rejoin(String former) throws ClusterFailure, InterruptedException {
    cluster.rejoin(node(former));
  }

  private Node node(String name) {
    return switch (name) {
      case GATEWAY -> cluster.gateway();
      case String redis when redis.startsWith("redis-") && cluster.redis(redis).isPresent() ->
        cluster.redis(redis).orElseThrow();
      default ->
        Stream.concat(cluster.nodes(strategy).stream(), cluster.spare(strategy).stream())
            .filter(node -> node.name().equals(name)).findFirst().orElseThrow();
    };
  }
}
