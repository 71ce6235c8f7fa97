package dev.statecraft.lab.environment.local;

import dev.statecraft.lab.checker.guarantee.SessionStrategy;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.TestEnvironment;
import dev.statecraft.lab.environment.local.launch.Launches;
import dev.statecraft.lab.environment.local.process.ClockSkew;
import dev.statecraft.lab.environment.local.process.Node;
import dev.statecraft.lab.environment.local.process.ProcessGroup;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A gateway, its stateful nodes and what they need, as processes of this machine on ports found free, all on the
 * loopback but where the plan says that they are to be cut off from each other. {@link #close}, the end of this
 * process, or its sudden death ends every one of them. Thread-safe.
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

  /** What the cluster consists of. */
  ClusterAssembly assembly() {
    return assembly;
  }

  /** The cluster as the environment of a strategy, which ends it. */
  public TestEnvironment environment(SessionStrategy strategy) {
    LocalFaultTarget target = new LocalFaultTarget(this, strategy);
    return new TestEnvironment(prefix(strategy), target.nodes(), target, RECOVERY_TIMEOUT, this::close);
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

  /** Ends every process and removes what they wrote, but for the logs. */
  @Override
  public void close() {
    processes.close();
  }
}
