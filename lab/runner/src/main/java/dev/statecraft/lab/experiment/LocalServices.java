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
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** The services of this installation, ready to be started as processes of this machine. */
public record LocalServices(Installation installation, LaunchPreparation launches) {
  /** The real work, in small, from which the AOT caches are trained. */
  private static final LoadPlan TRAINING = new LoadPlan(
      150, Duration.ZERO, Duration.ofSeconds(4), 10, 1, Duration.ofSeconds(10), OperationMix.SHOPPING, 10);

  /** The services as they are. */
  public static LocalServices find() {
    Installation installation = Installation.ofThisProcess();
    return new LocalServices(installation, new LaunchPreparation(installation));
  }

  /**
   * The services with the AOT caches of the strategies' clusters. Trains those that are missing, one after the other:
   * each training uses all cores by itself.
   *
   * @param others whether the stateless and the reactive service are started too
   */
  public static LocalServices trained(List<SessionStrategy> strategies, boolean others, Progress progress)
      throws ClusterFailure, InterruptedException {
    LocalServices services = find();
    AotTraining training = new AotTraining(
        services.launches, services.java(), services.installation.prepared().resolve("training-logs"),
        progress::println);
    for (SessionStrategy strategy : strategies) {
      training.train(strategy, others, cluster -> work(cluster, strategy));
    }
    return services;
  }

  /** The {@code java} executable that services are started with. */
  public Path java() {
    return installation.java();
  }

  /** Where the log of a process goes that belongs to no run. */
  public Path log(String directory, String process) {
    return installation.prepared().resolve(directory).resolve(process + ".log");
  }

  private static void work(LocalCluster cluster, SessionStrategy strategy) {
    long began = System.nanoTime();
    try (SessionClient client = new SessionClient(cluster.prefix(strategy), TRAINING.sessions(), TRAINING.deadline());
        OpenLoop load = new OpenLoop(TRAINING, client, () -> System.nanoTime() - began, Clock.systemUTC(), _ -> {})) {
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
