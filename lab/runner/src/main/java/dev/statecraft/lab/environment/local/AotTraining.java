package dev.statecraft.lab.environment.local;

import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.local.launch.App;
import dev.statecraft.lab.environment.local.launch.LaunchPreparation;
import dev.statecraft.lab.environment.local.launch.LaunchProvider;
import dev.statecraft.lab.environment.local.process.Node;
import dev.statecraft.lab.strategy.SessionStrategy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * Trains the AOT caches that {@link LaunchPreparation} stores. A short-lived cluster of the strategy runs a workload,
 * so that each cache has the classes and the hot methods of that strategy, and then terminates. A failed training
 * causes a warning and slower starts, but does not fail the run.
 *
 * @param logs the directory for the output of the trained processes
 * @param messages receives progress and warnings, one line each
 */
public record AotTraining(LaunchPreparation preparation, Path java, Path logs, Consumer<String> messages) {
  /** Includes the time in which a second JVM writes the cache. */
  private static final Duration STOP_TIMEOUT = Duration.ofMinutes(3);

  /**
   * Trains the missing caches of a strategy's cluster.
   *
   * @param sessionless whether the cluster includes the stateless and the reactive service
   * @param workload sends requests to the running cluster
   */
  public void train(SessionStrategy strategy, boolean sessionless, Consumer<LocalCluster> workload)
      throws ClusterFailure, InterruptedException {
    List<TrainedNode> trained = new ArrayList<>();
    addUntrained(trained, App.STATEFUL, strategy.id(), ClusterPlan.nodeName(strategy, 1));
    addUntrained(trained, App.GATEWAY, "gateway", "gateway");
    if (sessionless) {
      addUntrained(trained, App.STATELESS, App.STATELESS.module(), "stateless-1");
      addUntrained(trained, App.REACTIVE, App.REACTIVE.module(), "reactive-1");
    }
    if (trained.isEmpty()) {
      return;
    }
    messages.accept("training the AOT cache of " + names(trained) + " (once per build)");
    try {
      run(strategy, sessionless, trained, workload);
    } catch (ClusterFailure | RuntimeException e) {
      messages.accept("warning: no AOT cache for " + names(trained) + ", starts will be slower: " + e.getMessage());
    } finally {
      for (TrainedNode node : trained) {
        preparation.discard(node.app(), node.variant());
      }
    }
  }

  private void run(SessionStrategy strategy, boolean sessionless, List<TrainedNode> trained,
      Consumer<LocalCluster> workload) throws ClusterFailure, InterruptedException {
    ClusterPlan plan = new ClusterPlan(List.of(strategy), strategy.minNodes(), null, sessionless, logs);
    LaunchProvider launches = (app, variant,
        node) -> trained.stream().anyMatch(candidate -> candidate.name().equals(node))
            ? preparation.training(app, variant)
            : preparation.of(app, variant, node);
    try (LocalCluster cluster = LocalCluster.start(plan, java, launches)) {
      workload.accept(cluster);
      terminateAll(cluster, trained);
    }
    for (TrainedNode node : trained) {
      if (!preparation.publish(node.app(), node.variant())) {
        messages.accept("warning: " + node.name() + " wrote no AOT cache, its starts will be slower");
      }
    }
  }

  private static void terminateAll(LocalCluster cluster, List<TrainedNode> trained) throws InterruptedException {
    List<Node> nodes = new ArrayList<>(List.of(cluster.gateway()));
    cluster.routes().values().forEach(nodes::addAll);
    List<Callable<Boolean>> terminations = nodes.stream()
        .filter(node -> trained.stream().anyMatch(candidate -> candidate.name().equals(node.name())))
        .<Callable<Boolean>>map(node -> () -> node.terminate(STOP_TIMEOUT.toSeconds())).toList();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Boolean> termination : threads.invokeAll(terminations)) {
        termination.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private void addUntrained(List<TrainedNode> trained, App app, String variant, String node) throws ClusterFailure {
    if (!preparation.isTrained(app, variant)) {
      trained.add(new TrainedNode(app, variant, node));
    }
  }

  private static String names(List<TrainedNode> trained) {
    return String.join(", ", trained.stream().map(TrainedNode::name).toList());
  }

  /** A node whose run writes the cache of its application. */
  private record TrainedNode(App app, String variant, String name) {}
}
