package dev.statecraft.lab.experiment;

import dev.statecraft.lab.checker.guarantee.SessionStrategy;
import dev.statecraft.lab.console.Progress;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.local.AotTraining;
import dev.statecraft.lab.environment.local.LocalCluster;
import dev.statecraft.lab.environment.local.launch.Installation;
import dev.statecraft.lab.environment.local.launch.LaunchPreparation;
import dev.statecraft.lab.load.LoadPlan;
import dev.statecraft.lab.load.OpenLoop;
import dev.statecraft.lab.load.OperationMix;
import dev.statecraft.lab.load.SessionClient;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** The real work, in small, from which the AOT caches are trained. */
public final class TrainingWorkload {
  private static final LoadPlan PLAN = new LoadPlan(150, Duration.ZERO, Duration.ofSeconds(4), 10, 1,
      Duration.ofSeconds(10), OperationMix.SHOPPING, 10);

  private TrainingWorkload() {}

  /** Trains what the strategies' clusters lack, one after the other: each training uses all cores by itself. */
  public static void prepare(
      LaunchPreparation preparation, Installation installation, List<SessionStrategy> strategies, boolean others,
      Progress progress) throws ClusterFailure, InterruptedException {
    AotTraining training = new AotTraining(
        preparation, installation.java(), installation.prepared().resolve("training-logs"), progress::say);
    for (SessionStrategy strategy : strategies) {
      training.train(strategy, others, cluster -> work(cluster, strategy));
    }
  }

  private static void work(LocalCluster cluster, SessionStrategy strategy) {
    long began = System.nanoTime();
    try (SessionClient client = new SessionClient(cluster.prefix(strategy), PLAN.sessions(), PLAN.deadline());
        OpenLoop load = new OpenLoop(PLAN, client, () -> System.nanoTime() - began, Clock.systemUTC(), _ -> {})) {
      load.run(() -> true, Duration.ZERO);
      if (load.counters().good() == 0) {
        throw new IllegalStateException("no request of the training had a good answer");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
