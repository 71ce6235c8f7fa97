package dev.statecraft.lab.environment.local;

import dev.statecraft.lab.environment.ClusterCpu;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.TestEnvironment;
import dev.statecraft.lab.environment.local.ClusterAssembly.StoreProcess;
import dev.statecraft.lab.environment.local.launch.LaunchProvider;
import dev.statecraft.lab.environment.local.process.ClockSkew;
import dev.statecraft.lab.environment.local.process.CompilerThreads;
import dev.statecraft.lab.environment.local.process.Node;
import dev.statecraft.lab.environment.local.process.ProcessGroup;
import dev.statecraft.lab.environment.local.process.ProcessUsage;
import dev.statecraft.lab.strategy.SessionStrategy;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A gateway, its nodes and their shared store as processes on this machine. They use free ports on the loopback
 * interface, or network namespaces if the plan asks for partitions. All processes stop on {@link #close} and when this
 * JVM exits, also when it is killed. Thread-safe.
 */
public final class LocalCluster implements AutoCloseable {
  private static final int MAX_ATTEMPTS = 3;
  private static final Duration RECOVERY_TIMEOUT = Duration.ofSeconds(90);

  private final ProcessGroup processes;
  private final ClusterAssembly assembly;

  private LocalCluster(ProcessGroup processes, ClusterAssembly assembly) {
    this.processes = processes;
    this.assembly = assembly;
  }

  /**
   * Starts all processes and waits until each is ready. Tries again with other ports if another program took one.
   *
   * @throws ClusterFailure if a process does not become ready; the message has the end of its log; no process is left
   */
  public static LocalCluster start(ClusterPlan plan, Path java, LaunchProvider launches)
      throws ClusterFailure, InterruptedException {
    for (int attempt = 1;; attempt++) {
      ProcessGroup processes;
      try {
        Files.createDirectories(plan.logs());
        processes = new ProcessGroup();
      } catch (IOException e) {
        throw new ClusterFailure("cannot create the directories of the cluster: " + e.getMessage(), e);
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
    for (StoreProcess store : assembly.stores()) {
      store.node().start();
      awaitReady(store.node());
    }
    for (Node node : assembly.services()) {
      node.start();
    }
    for (Node node : assembly.services()) {
      awaitReady(node);
    }
  }

  /** The URL of a strategy behind the gateway, without a trailing slash. */
  public URI prefix(SessionStrategy strategy) {
    return gateway().uri().resolve("/" + strategy.id());
  }

  public Node gateway() {
    return assembly.gateway();
  }

  /** The nodes of each route of the gateway by route id. */
  public Map<String, List<Node>> routes() {
    return Map.copyOf(assembly.routes());
  }

  /** The names that the stateful nodes of a strategy get. */
  public static List<String> nodeNames(SessionStrategy strategy, int nodes) {
    return IntStream.rangeClosed(1, nodes).mapToObj(number -> ClusterPlan.nodeName(strategy, number)).toList();
  }

  /** The stateful nodes of a strategy. */
  public List<Node> nodes(SessionStrategy strategy) {
    return List.copyOf(assembly.routes().getOrDefault(strategy.id(), List.of()));
  }

  ClusterAssembly assembly() {
    return assembly;
  }

  /** The environment of a strategy; closing it closes this cluster. */
  public TestEnvironment environment(SessionStrategy strategy) {
    LocalFaultTarget target = new LocalFaultTarget(this, strategy);
    return new TestEnvironment(prefix(strategy), target.nodes(), target, RECOVERY_TIMEOUT,
        () -> compilerTime(strategy), () -> cpuTime(strategy), this::close);
  }

  /** The CPU time of all processes of the strategy; empty if one does not run. */
  private Optional<ClusterCpu> cpuTime(SessionStrategy strategy) {
    List<Node> stores = new ArrayList<>();
    assembly.redis().ifPresent(redis -> stores.addAll(redis.all()));
    assembly.stores().forEach(store -> stores.add(store.node()));
    Optional<Duration> ofGateway = cpuTime(List.of(gateway()));
    Optional<Duration> ofNodes = cpuTime(nodes(strategy));
    Optional<Duration> ofStores = cpuTime(stores);
    return ofGateway.isEmpty() || ofNodes.isEmpty() || ofStores.isEmpty()
        ? Optional.empty()
        : Optional.of(new ClusterCpu(ofGateway.get(), ofNodes.get(), ofStores.get()));
  }

  private static Optional<Duration> cpuTime(List<Node> nodes) {
    Duration sum = Duration.ZERO;
    for (Node node : nodes) {
      Optional<ProcessHandle> process = node.process();
      if (process.isEmpty()) {
        return Optional.empty();
      }
      sum = sum.plus(ProcessUsage.withDescendants(process.get()));
    }
    return Optional.of(sum);
  }

  /** The CPU time of the JIT compilers of the gateway and the strategy's nodes; empty if it is unknown for one. */
  private Optional<Duration> compilerTime(SessionStrategy strategy) {
    List<Node> all = new ArrayList<>(nodes(strategy));
    all.add(gateway());
    List<Duration> times = all.stream()
        .flatMap(node -> node.process().flatMap(CompilerThreads::processorTime).stream()).toList();
    return times.size() < all.size() ? Optional.empty() : times.stream().reduce(Duration::plus);
  }

  /** Waits until a node is ready. */
  void awaitReady(Node node) throws ClusterFailure, InterruptedException {
    Optional<RedisTier> tier = assembly.redis().filter(redis -> redis.all().contains(node));
    Optional<StoreProcess> store = assembly.stores().stream().filter(found -> found.node().equals(node)).findFirst();
    if (tier.isPresent()) {
      Readiness.await(node, tier.get()::isComplete);
    } else if (store.isPresent()) {
      Readiness.await(node, () -> store.get().store().isReady(node));
    } else {
      Readiness.await(node);
    }
    if (assembly.clock(node).isPresent()) {
      ClusterFailure.orFail("remove the shared memory of " + node.name(),
          () -> ClockSkew.removeSharedMemory(node.process().map(ProcessHandle::pid).orElse(-1L)));
    }
  }

  /** Stops all processes and deletes their files except the logs. */
  @Override
  public void close() {
    processes.close();
  }
}
