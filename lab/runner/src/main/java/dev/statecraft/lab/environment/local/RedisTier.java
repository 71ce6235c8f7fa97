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
 * The Redis of one cluster: a server alone, or a primary with replicas, under sentinels that put a replica in its place
 * when it is gone. Nothing of it is written to disk. Thread-safe.
 */
final class RedisTier {
  /** The first server; it is the primary until there is a failover. */
  static final String SERVER = "redis-server";
  /** The name by which sentinels know the primary. */
  static final String GROUP = "statecraft";
  static final int REPLICAS = 2;
  private static final int SENTINELS = 3;
  private static final int QUORUM = 2;
  /** How long the primary must be silent; far less than users wait with, and more than a busy machine stalls for. */
  private static final int DOWN_AFTER_MILLIS = 1_500;
  private static final int FAILOVER_MILLIS = 6_000;
  private static final Duration FAILOVER_TIMEOUT = Duration.ofMinutes(3);

  private final List<Node> servers = new ArrayList<>();
  private final List<Node> sentinels = new ArrayList<>();

  private RedisTier() {}

  /** Makes a process of the tier. */
  @FunctionalInterface
  interface Maker {
    Node make(String name, int port, List<String> command, Path directory);
  }

  /** One server, without replicas or sentinels. */
  static RedisTier alone(ProcessEndpoint place, Ports ports, ProcessGroup processes, Maker maker)
      throws IOException, ClusterFailure {
    RedisTier tier = new RedisTier();
    tier.addServer(SERVER, place, ports, processes, maker);
    return tier;
  }

  /** A primary with two replicas and three sentinels. */
  static RedisTier underSentinels(ProcessEndpoint place, Ports ports, ProcessGroup processes, Maker maker)
      throws IOException, ClusterFailure {
    RedisTier tier = new RedisTier();
    Node primary = tier.addServer(SERVER, place, ports, processes, maker);
    for (int number = 1; number <= REPLICAS; number++) {
      tier.addServer("redis-replica-" + number, place, ports, processes, maker, "--replicaof", primary.address(),
          Integer.toString(primary.port()), "--repl-diskless-sync", "yes", "--repl-diskless-sync-delay", "0");
    }
    for (int number = 1; number <= SENTINELS; number++) {
      String name = "redis-sentinel-" + number;
      int port = ports.next();
      Path directory = processes.work().newDirectory(name);
      Path configuration = directory.resolve("sentinel.conf");
      // A sentinel writes into it what it has learnt, so it cannot be given on the command line.
      Files.writeString(configuration, """
          port %d
          bind %s
          protected-mode no
          dir %s
          sentinel monitor %5$s %2$s %4$d %6$d
          sentinel down-after-milliseconds %5$s %7$d
          sentinel failover-timeout %5$s %8$d
          """.formatted(port, primary.address(), directory, primary.port(), GROUP, QUORUM, DOWN_AFTER_MILLIS,
          FAILOVER_MILLIS));
      List<String> command = List.of(Redis.executable(directory), configuration.toString(), "--sentinel");
      tier.sentinels.add(maker.make(name, port, command, directory));
    }
    return tier;
  }

  private Node addServer(String name, ProcessEndpoint place, Ports ports, ProcessGroup processes, Maker maker,
      String... options) throws IOException, ClusterFailure {
    int port = ports.next();
    Path directory = processes.work().newDirectory(name);
    List<String> command = new ArrayList<>(Redis.command(place, port, directory));
    command.addAll(List.of(options));
    Node node = maker.make(name, port, command, directory);
    servers.add(node);
    return node;
  }

  Node first() {
    return servers.getFirst();
  }

  List<Node> sentinels() {
    return List.copyOf(sentinels);
  }

  /** All processes, in the order in which they are to be started. */
  List<Node> all() {
    List<Node> all = new ArrayList<>(servers);
    all.addAll(sentinels);
    return all;
  }

  Optional<Node> named(String name) {
    return all().stream().filter(node -> node.name().equals(name)).findFirst();
  }

  /**
   * The server that takes writes now; empty while there is none, or more than one says so, as a former one that has
   * just come back.
   */
  Optional<Node> primary() {
    List<Node> primaries = servers.stream().filter(RedisTier::isPrimary).toList();
    return primaries.size() == 1 ? Optional.of(primaries.getFirst()) : Optional.empty();
  }

  private static boolean isPrimary(Node server) {
    return Redis.ask(server, "ROLE").contains("master");
  }

  /** Whether every replica follows the primary and each sentinel could have one of them take its place. */
  boolean isComplete() {
    if (sentinels.isEmpty()) {
      return Redis.answers(first());
    }
    return primary().filter(
        node -> replicasOnline(node) == REPLICAS && sentinels.stream().allMatch(RedisTier::couldFailOver)).isPresent();
  }

  /** The server that has taken the place of another, once every sentinel would send clients to it. */
  Optional<Node> successor(Node former) {
    return servers.stream().filter(node -> node != former && isPrimary(node)).findFirst()
        .filter(node -> sentinels.stream().allMatch(sentinel -> names(sentinel, node)));
  }

  private static boolean names(Node sentinel, Node primary) {
    return Redis.ask(sentinel, "SENTINEL GET-MASTER-ADDR-BY-NAME " + GROUP).lines()
        .anyMatch(line -> line.equals(Integer.toString(primary.port())));
  }

  /**
   * Has a server that was started again, empty, follow the primary. Until then it takes itself for one; sentinels would
   * end that too, but only after some seconds.
   *
   * @return whether it was told
   */
  boolean follow(Node former) {
    return successor(former)
        .filter(node -> Redis.ask(former, "REPLICAOF " + node.address() + ' ' + node.port()).startsWith("+OK"))
        .isPresent();
  }

  /**
   * Cuts the replicas off, and kills the primary a moment later, so that they have not got its last writes.
   *
   * @param lag how long before the kill the last write is that a replica has
   */
  void killPrimary(Node primary, Duration lag) throws InterruptedException {
    try {
      fallBehind(primary);
      TimeUnit.NANOSECONDS.sleep(lag.toNanos());
      primary.kill();
    } finally {
      catchUp();
    }
  }

  /** Waits until a replica has taken the place of a primary that was killed, and every sentinel knows. */
  void awaitFailover(Node former) throws ClusterFailure, InterruptedException {
    Readiness.await(
        FAILOVER_TIMEOUT, () -> "no replica took the place of " + former.name(), () -> successor(former).isPresent());
  }

  /** Starts a former primary again, as a replica of its successor, and waits until it is one. */
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

  /**
   * Lets the replicas fall behind: they stand still, and what the primary would send them goes nowhere, for their
   * connections are closed. Undone by {@link #catchUp}.
   */
  void fallBehind(Node primary) throws InterruptedException {
    for (Node replica : servers) {
      if (replica != primary) {
        replica.pause();
      }
    }
    Redis.ask(primary, "CLIENT KILL TYPE replica");
  }

  void catchUp() throws InterruptedException {
    for (Node server : servers) {
      server.resume();
    }
  }
}
