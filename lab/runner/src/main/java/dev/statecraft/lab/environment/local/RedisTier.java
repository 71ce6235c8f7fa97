package dev.statecraft.lab.environment.local;

import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.local.process.Node;
import dev.statecraft.lab.environment.local.process.Ports;
import dev.statecraft.lab.environment.local.process.ProcessEndpoint;
import dev.statecraft.lab.environment.local.process.ProcessGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The Redis servers of one cluster: a single server, or a primary with replicas and sentinels that promote a replica
 * when the primary fails. Nothing is persisted. Thread-safe.
 */
final class RedisTier {
  /** The first server, which is the primary until a failover. */
  static final String SERVER = "redis-server";
  /** The name of the primary in the configuration of the sentinels. */
  static final String GROUP = "statecraft";
  static final int REPLICAS = 2;
  private static final int SENTINELS = 3;
  private static final int QUORUM = 2;
  /** Far shorter than the timeout of the load, and longer than a busy machine stalls. */
  private static final int DOWN_AFTER_MILLIS = 1_500;
  private static final int SENTINEL_FAILOVER_TIMEOUT_MILLIS = 6_000;
  private static final Duration FAILOVER_TIMEOUT = Duration.ofMinutes(3);

  private final List<Node> servers = new ArrayList<>();
  private final List<Node> sentinels = new ArrayList<>();

  private RedisTier() {}

  /** Creates a process of the tier without starting it. */
  @FunctionalInterface
  interface NodeFactory {
    Node create(String name, int port, List<String> command, Path directory);
  }

  /** One server, without replicas or sentinels. */
  static RedisTier single(ProcessEndpoint endpoint, Ports ports, ProcessGroup processes, NodeFactory factory)
      throws IOException, ClusterFailure {
    RedisTier tier = new RedisTier();
    tier.addServer(SERVER, endpoint, ports, processes, factory);
    return tier;
  }

  /** A primary with two replicas and three sentinels. */
  static RedisTier withSentinels(ProcessEndpoint endpoint, Ports ports, ProcessGroup processes, NodeFactory factory)
      throws IOException, ClusterFailure {
    RedisTier tier = new RedisTier();
    Node primary = tier.addServer(SERVER, endpoint, ports, processes, factory);
    for (int number = 1; number <= REPLICAS; number++) {
      tier.addServer("redis-replica-" + number, endpoint, ports, processes, factory, "--replicaof", primary.address(),
          Integer.toString(primary.port()), "--repl-diskless-sync", "yes", "--repl-diskless-sync-delay", "0");
    }
    for (int number = 1; number <= SENTINELS; number++) {
      String name = "redis-sentinel-" + number;
      int port = ports.next();
      Path directory = processes.work().newDirectory(name);
      Path configuration = directory.resolve("sentinel.conf");
      // A sentinel needs a configuration file, because it writes its state to it.
      Files.writeString(configuration, """
          port %d
          bind %s
          protected-mode no
          dir %s
          sentinel monitor %5$s %2$s %4$d %6$d
          sentinel down-after-milliseconds %5$s %7$d
          sentinel failover-timeout %5$s %8$d
          """.formatted(port, primary.address(), directory, primary.port(), GROUP, QUORUM, DOWN_AFTER_MILLIS,
          SENTINEL_FAILOVER_TIMEOUT_MILLIS));
      List<String> command = List.of(RedisServer.find(directory).executable().toString(), configuration.toString(),
          "--sentinel");
      tier.sentinels.add(factory.create(name, port, command, directory));
    }
    return tier;
  }

  private Node addServer(String name, ProcessEndpoint endpoint, Ports ports, ProcessGroup processes,
      NodeFactory factory, String... options) throws IOException, ClusterFailure {
    int port = ports.next();
    Path directory = processes.work().newDirectory(name);
    List<String> command = new ArrayList<>(Redis.command(endpoint, port, directory));
    command.addAll(List.of(options));
    Node node = factory.create(name, port, command, directory);
    servers.add(node);
    return node;
  }

  Node first() {
    return servers.getFirst();
  }

  List<Node> sentinels() {
    return List.copyOf(sentinels);
  }

  /** All processes in their start order. */
  List<Node> all() {
    List<Node> all = new ArrayList<>(servers);
    all.addAll(sentinels);
    return all;
  }

  Optional<Node> named(String name) {
    return all().stream().filter(node -> node.name().equals(name)).findFirst();
  }

  /** The current primary; empty while no server or more than one is a primary, such as just after a restart. */
  Optional<Node> primary() {
    List<Node> primaries = servers.stream().filter(RedisTier::isPrimary).toList();
    return primaries.size() == 1 ? Optional.of(primaries.getFirst()) : Optional.empty();
  }

  private static boolean isPrimary(Node server) {
    return Redis.ask(server, "ROLE").contains("master");
  }

  /** Whether every replica is connected to the primary and every sentinel could fail over to it. */
  boolean isComplete() {
    if (sentinels.isEmpty()) {
      return Redis.ask(first(), "PING").startsWith("+PONG");
    }
    return primary()
        .filter(node -> replicasOnline(node) == REPLICAS && sentinels.stream().allMatch(RedisTier::couldFailOver))
        .isPresent();
  }

  /** The primary that replaced a former one, once every sentinel names it to clients. */
  Optional<Node> successor(Node former) {
    return servers.stream().filter(node -> node != former && isPrimary(node)).findFirst()
        .filter(node -> sentinels.stream().allMatch(sentinel -> names(sentinel, node)));
  }

  private static boolean names(Node sentinel, Node primary) {
    return Redis.ask(sentinel, "SENTINEL GET-MASTER-ADDR-BY-NAME " + GROUP).lines()
        .anyMatch(line -> line.equals(Integer.toString(primary.port())));
  }

  /**
   * Makes a restarted, empty server a replica, and returns whether it accepted the command. The sentinels would demote
   * it only after some seconds.
   */
  boolean follow(Node former) {
    return successor(former)
        .filter(node -> Redis.ask(former, "REPLICAOF " + node.address() + ' ' + node.port()).startsWith("+OK"))
        .isPresent();
  }

  /** Disconnects the replicas, and kills the primary after {@code lag}, so that they lack its last writes. */
  void killPrimary(Node primary, Duration lag) throws InterruptedException {
    try {
      pauseReplicas(primary);
      TimeUnit.NANOSECONDS.sleep(lag.toNanos());
      primary.kill();
    } finally {
      resumeReplicas();
    }
  }

  /** Waits until a replica has replaced a killed primary and every sentinel knows it. */
  void awaitFailover(Node former) throws ClusterFailure, InterruptedException {
    Readiness.await(FAILOVER_TIMEOUT, () -> "no replica replaced " + former.name(),
        () -> successor(former).isPresent());
  }

  /** Starts a former primary again as a replica of its successor, and waits until it has caught up. */
  void rejoin(Node former) throws ClusterFailure, InterruptedException {
    former.start();
    Readiness.await(FAILOVER_TIMEOUT, () -> former.name() + " did not become a replica", () -> follow(former));
    Readiness.await(FAILOVER_TIMEOUT, () -> former.name() + " did not catch up", this::isComplete);
  }

  private static boolean couldFailOver(Node sentinel) {
    return Redis.ask(sentinel, "SENTINEL CKQUORUM " + GROUP).startsWith("+OK")
        && Redis.ask(sentinel, "SENTINEL MASTER " + GROUP).matches("(?s).*num-slaves\\R\\$1\\R" + REPLICAS + "\\R.*");
  }

  private static long replicasOnline(Node primary) {
    return Redis.ask(primary, "INFO replication").lines().filter(line -> line.contains("state=online")).count();
  }

  /** Stops the replicas and closes their connections to the primary, until {@link #resumeReplicas}. */
  void pauseReplicas(Node primary) throws InterruptedException {
    for (Node replica : servers) {
      if (replica != primary) {
        replica.pause();
      }
    }
    Redis.ask(primary, "CLIENT KILL TYPE replica");
  }

  void resumeReplicas() throws InterruptedException {
    for (Node server : servers) {
      server.resume();
    }
  }
}
