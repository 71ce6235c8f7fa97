package dev.statecraft.lab.environment.local;

import dev.statecraft.lab.checker.guarantee.SessionStrategy;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.local.launch.App;
import dev.statecraft.lab.environment.local.launch.LaunchPreparation;
import dev.statecraft.lab.environment.local.launch.Launches;
import dev.statecraft.lab.environment.local.process.Node;
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
 * Trains the AOT caches that {@link LaunchPreparation} keeps: a short cluster of the strategy does real work, so that
 * the cache knows the classes and the hot methods of just that strategy, and is then asked to end. A training that
 * fails costs start-up time and a warning, never the run.
 */
public final class AotTraining {
  /** Ending includes writing the cache, which a second JVM does with all cores it gets. */
  private static final Duration STOP_TIMEOUT = Duration.ofMinutes(3);

  private final LaunchPreparation preparation;
  private final Path java;
  private final Path logs;
  private final Consumer<String> says;

  /**
   * A trainer.
   *
   * @param logs where the output of the trained processes goes
   * @param says takes a line for the user about what is being done, or what went wrong
   */
  public AotTraining(LaunchPreparation preparation, Path java, Path logs, Consumer<String> says) {
    this.preparation = preparation;
    this.java = java;
    this.logs = logs;
    this.says = says;
  }

  /**
   * Trains what a strategy's cluster still lacks.
   *
   * @param others whether the stateless and the reactive service will be started too
   * @param exercise does the work to be learnt, with the running cluster
   */
  public void train(SessionStrategy strategy, boolean others, Consumer<LocalCluster> exercise)
      throws ClusterFailure, InterruptedException {
    List<Pupil> pupils = new ArrayList<>();
    addUntrained(pupils, App.STATEFUL, strategy.id(), ClusterPlan.nodeName(strategy, 1));
    addUntrained(pupils, App.GATEWAY, "gateway", "gateway");
    if (others) {
      addUntrained(pupils, App.STATELESS, App.STATELESS.module(), "stateless-1");
      addUntrained(pupils, App.REACTIVE, App.REACTIVE.module(), "reactive-1");
    }
    if (pupils.isEmpty()) {
      return;
    }
    says.accept("training the start-up cache of " + names(pupils) + " (once for each build)");
    try {
      run(strategy, others, pupils, exercise);
    } catch (ClusterFailure | RuntimeException e) {
      says.accept("warning: no start-up cache for " + names(pupils) + ", starts will be slower: " + e.getMessage());
    } finally {
      for (Pupil pupil : pupils) {
        preparation.discard(pupil.app(), pupil.variant());
      }
    }
  }

  private void run(SessionStrategy strategy, boolean others, List<Pupil> pupils, Consumer<LocalCluster> exercise)
      throws ClusterFailure, InterruptedException {
    int nodes = strategy == SessionStrategy.REPLICATED ? 3 : 1;
    ClusterPlan plan = new ClusterPlan(List.of(strategy), nodes, null, others, logs);
    Launches launches = (app, variant, node) -> pupils.stream().anyMatch(pupil -> pupil.node().equals(node))
        ? preparation.training(app, variant)
        : preparation.of(app, variant, node);
    try (LocalCluster cluster = LocalCluster.start(plan, java, launches)) {
      exercise.accept(cluster);
      endAll(cluster, pupils);
    }
    for (Pupil pupil : pupils) {
      if (!preparation.adopt(pupil.app(), pupil.variant())) {
        says.accept("warning: " + pupil.node() + " wrote no start-up cache, its starts will be slower");
      }
    }
  }

  private static void endAll(LocalCluster cluster, List<Pupil> pupils) throws InterruptedException {
    List<Node> nodes = new ArrayList<>(List.of(cluster.gateway()));
    cluster.routes().values().forEach(nodes::addAll);
    List<Callable<Boolean>> ends = nodes.stream()
        .filter(node -> pupils.stream().anyMatch(pupil -> pupil.node().equals(node.name())))
        .<Callable<Boolean>>map(node -> () -> node.terminate(STOP_TIMEOUT.toSeconds())).toList();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Boolean> end : threads.invokeAll(ends)) {
        end.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private void addUntrained(List<Pupil> pupils, App app, String variant, String node) throws ClusterFailure {
    if (!preparation.isTrained(app, variant)) {
      pupils.add(new Pupil(app, variant, node));
    }
  }

  private static String names(List<Pupil> pupils) {
    return String.join(", ", pupils.stream().map(Pupil::node).toList());
  }

  /** A node that is to learn. */
  private record Pupil(App app, String variant, String node) {}
}
