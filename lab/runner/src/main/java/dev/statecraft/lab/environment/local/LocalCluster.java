package dev.statecraft.lab.environment.local;

import dev.statecraft.lab.checker.guarantee.SessionStrategy;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.Probe;
import dev.statecraft.lab.environment.local.launch.Launches;
import dev.statecraft.lab.environment.local.process.ClockSkew;
import dev.statecraft.lab.environment.local.process.NetworkNamespaces;
import dev.statecraft.lab.environment.local.process.Node;
import dev.statecraft.lab.environment.local.process.ProcessGroup;
import dev.statecraft.lab.environment.local.process.WorkDirectory;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A gateway, its stateful nodes and what they need, as processes of this machine on ports found free, all on the
 * loopback but where the plan says that they are to be cut off from each other. {@link #close}, the end of this
 * process, or its sudden death ends every one of them. Thread-safe.
 */
public final class LocalCluster implements AutoCloseable {
  private static final int MAX_ATTEMPTS = 3;
  /** Some elections, and changes of other members. */
  private static final Duration LEAVE_TIMEOUT = Duration.ofSeconds(30);
  private static final int OK = 200;
  /** More than a node takes to see that its clock has jumped, on a machine with no time to spare. */
  private static final Duration CLOCK_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration CLOCK_PRECISION = Duration.ofSeconds(5);

  private final ProcessGroup processes;
  private final ClusterAssembly assembly;

  private LocalCluster(ProcessGroup processes, ClusterAssembly assembly) {
    this.processes = processes;
    this.assembly = assembly;
  }

  /**
   * Starts all processes and waits until each is ready. Where another program was faster to take a port that was free,
   * it is tried again with other ports.
   *
   * @throws ClusterFailure where a process does not come up; the end of its log is in the message, and nothing runs on
   */
  public static LocalCluster start(ClusterPlan plan, Path java, Launches launches)
      throws ClusterFailure, InterruptedException {
    for (int attempt = 1;; attempt++) {
      ProcessGroup processes;
      try {
        Files.createDirectories(plan.logs());
        processes = new ProcessGroup();
      } catch (IOException e) {
        throw new ClusterFailure("cannot make the cluster's directories: " + e.getMessage(), e);
      }
      try {
        LocalCluster cluster = new LocalCluster(processes, new ClusterAssembly(plan, java, launches, processes));
        cluster.startAll();
        return cluster;
      } catch (IOException e) {
        processes.close();
        throw new ClusterFailure("cannot prepare the cluster: " + e.getMessage(), e);
      } catch (ClusterFailure e) {
        processes.close();
        if (attempt == MAX_ATTEMPTS || !String.valueOf(e.getMessage()).contains("already in use")) {
          throw e;
        }
      } catch (InterruptedException | RuntimeException e) {
        processes.close();
        throw e;
      }
    }
  }

  private void startAll() throws ClusterFailure, InterruptedException {
    if (assembly.redis().isPresent()) {
      RedisTier redis = assembly.redis().get();
      for (Node node : redis.all()) {
        node.start();
      }
      awaitReady(redis.first());
    }
    for (Node node : assembly.services()) {
      node.start();
    }
    for (Node node : assembly.services()) {
      awaitReady(node);
    }
  }

  /** Where a strategy is reached through the gateway, without a slash at the end. */
  public URI prefix(SessionStrategy strategy) {
    return gateway().uri().resolve("/" + strategy.id());
  }

  /** The process that all requests go through. */
  public Node gateway() {
    return assembly.gateway();
  }

  /** The nodes behind each route of the gateway, by the route's id. */
  public Map<String, List<Node>> routes() {
    return Map.copyOf(assembly.routes());
  }

  /** The stateful nodes of a strategy. */
  public List<Node> nodes(SessionStrategy strategy) {
    return List.copyOf(assembly.routes().getOrDefault(strategy.id(), List.of()));
  }

  /** The node that a strategy has beyond those that its plan counts, where it may grow; it runs once it has joined. */
  Optional<Node> spare(SessionStrategy strategy) {
    return assembly.spare(strategy);
  }

  /** The servers of Redis, where a strategy needs them. */
  Optional<RedisTier> redis() {
    return assembly.redis();
  }

  /** Starts a node and tells the gateway that there is one more; does not wait until it can serve. */
  void join(SessionStrategy strategy, Node node) throws ClusterFailure {
    node.start();
    try {
      nodesFile(strategy).add(node);
    } catch (IOException e) {
      throw new ClusterFailure("cannot list " + node.name() + ": " + e.getMessage(), e);
    }
  }

  /**
   * Tells the gateway that a node goes, has it leave its group where it has one, asks it to end, and waits; false where
   * it had to be killed.
   */
  boolean leave(SessionStrategy strategy, Node node, Duration timeout) throws ClusterFailure, InterruptedException {
    try {
      nodesFile(strategy).remove(node);
    } catch (IOException e) {
      throw new ClusterFailure("cannot remove " + node.name() + " from the list: " + e.getMessage(), e);
    }
    if (strategy == SessionStrategy.REPLICATED) {
      leaveGroup(node);
    }
    return node.terminate(timeout.toSeconds());
  }

  /** Waits until the others have committed to decide without it. */
  private static void leaveGroup(Node node) throws ClusterFailure, InterruptedException {
    URI membership = node.uri().resolve("/actuator/membership");
    AtomicReference<OptionalInt> last = new AtomicReference<>(OptionalInt.empty());
    Readiness.await(LEAVE_TIMEOUT, () -> node.name() + " did not leave its group: " + answer(last.get()), () -> {
      last.set(Probe.delete(membership, LEAVE_TIMEOUT));
      return last.get().orElse(0) == OK;
    });
  }

  private static String answer(OptionalInt status) {
    return status.isPresent() ? "it answers " + status.getAsInt() : "it does not answer";
  }

  private NodesFile nodesFile(SessionStrategy strategy) {
    return assembly.nodesFile(strategy).orElseThrow(() -> notPlanned(LocalTrait.SCALABLE));
  }

  private static IllegalStateException notPlanned(LocalTrait trait) {
    return new IllegalStateException("the cluster was planned without " + trait);
  }

  /** Takes away the disk of a killed node, with all that it kept there; nothing where it has none. */
  void wipe(Node node) throws ClusterFailure {
    try {
      WorkDirectory.delete(assembly.disk(node.name()));
    } catch (IOException e) {
      throw new ClusterFailure("cannot take the disk of " + node.name() + " away: " + e.getMessage(), e);
    }
  }

  /** Waits until a node says that it can serve. */
  void awaitReady(Node node) throws ClusterFailure, InterruptedException {
    Optional<RedisTier> tier = assembly.redis().filter(redis -> redis.all().contains(node));
    if (tier.isPresent()) {
      Readiness.await(node, tier.get()::isComplete);
    } else {
      Readiness.await(node);
    }
    if (assembly.clock(node).isPresent()) {
      try {
        ClockSkew.removeShared(node.process().map(ProcessHandle::pid).orElse(-1L));
      } catch (IOException e) {
        throw new ClusterFailure("cannot tidy up after " + node.name() + ": " + e.getMessage(), e);
      }
    }
  }

  /**
   * Has a node's wall clock jump, and waits until the node's answers show it.
   *
   * @param error how far it is ahead of this machine's from then on, behind where it is negative
   * @throws ClusterFailure where the node does not come to tell that time
   * @throws IllegalStateException where the plan lacks {@link LocalTrait#OWN_CLOCKS}
   */
  void setClock(Node node, Duration error) throws ClusterFailure, InterruptedException {
    ClockSkew clock = assembly.clock(node).orElseThrow(() -> notPlanned(LocalTrait.OWN_CLOCKS));
    try {
      clock.set(error);
    } catch (IOException e) {
      throw new ClusterFailure("cannot move the clock of " + node.name() + ": " + e.getMessage(), e);
    }
    Readiness.await(
        CLOCK_TIMEOUT, () -> "the clock of " + node.name() + " was to be " + error.toSeconds() + " s ahead and is not",
        () -> tells(node, error));
  }

  private static boolean tells(Node node, Duration error) {
    return Probe.time(node.uri().resolve("/actuator/health/liveness"))
        .map(time -> Duration.between(Instant.now().plus(error), time).abs())
        .filter(off -> off.compareTo(CLOCK_PRECISION) < 0).isPresent();
  }

  /**
   * Cuts nodes off from others in one direction: nothing that one of the first sends arrives at one of the second, and
   * nobody is told so. The gateway and this process reach all nodes as before.
   *
   * @throws IllegalStateException where the plan lacks {@link LocalTrait#PARTITIONABLE}
   */
  void cut(List<Node> from, List<Node> to) throws ClusterFailure, InterruptedException {
    try {
      for (Node sender : from) {
        for (Node receiver : to) {
          network().cut(sender.name(), receiver.name());
        }
      }
    } catch (IOException e) {
      throw new ClusterFailure("cannot cut a connection: " + e.getMessage(), e);
    }
  }

  /** Undoes every cut. */
  void reconnect() throws ClusterFailure, InterruptedException {
    try {
      network().reconnect();
    } catch (IOException e) {
      throw new ClusterFailure("cannot undo the cuts: " + e.getMessage(), e);
    }
  }

  private NetworkNamespaces network() {
    return assembly.network().orElseThrow(() -> notPlanned(LocalTrait.PARTITIONABLE));
  }

  /** Ends every process and removes what they wrote, but for the logs. */
  @Override
  public void close() {
    processes.close();
  }
}
