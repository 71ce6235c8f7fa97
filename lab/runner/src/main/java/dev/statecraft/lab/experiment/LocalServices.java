package dev.statecraft.lab.experiment;

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
import dev.statecraft.lab.strategy.SessionStrategy;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** The services of this installation, to be started as local processes. */
public record LocalServices(Installation installation, LaunchPreparation launches) {
  /** The load that trains the AOT caches: a short shopping workload. */
  private static final LoadPlan TRAINING = new LoadPlan(150, Duration.ZERO, Duration.ofSeconds(4), 10, 1,
      Duration.ofSeconds(10), OperationMix.SHOPPING, 10);

  /** The services, without training missing AOT caches. */
  public static LocalServices find() {
    Installation installation = Installation.ofThisProcess();
    return new LocalServices(installation, new LaunchPreparation(installation));
  }

  /**
   * The services with AOT caches for the strategies and, if wanted, the stateless and the reactive service. Trains
   * missing caches one after the other, because each training uses all cores.
   */
  public static LocalServices trained(List<SessionStrategy> strategies, boolean others, Progress progress)
      throws ClusterFailure, InterruptedException {
    LocalServices services = find();
    AotTraining training = new AotTraining(services.launches, services.java(),
        services.installation.prepared().resolve("training-logs"), progress::println);
    for (SessionStrategy strategy : strategies) {
      training.train(strategy, others, cluster -> offerTrainingLoad(cluster, strategy));
    }
    return services;
  }

  /** The {@code java} executable that starts the services. */
  public Path java() {
    return installation.java();
  }

  /** The log file of a process outside of a run. */
  public Path log(String directory, String process) {
    return installation.prepared().resolve(directory).resolve(process + ".log");
  }

  private static void offerTrainingLoad(LocalCluster cluster, SessionStrategy strategy) {
    long began = System.nanoTime();
    try (SessionClient client = new SessionClient(cluster.prefix(strategy), TRAINING.sessions(), TRAINING.deadline());
        OpenLoop load = new OpenLoop(TRAINING, client, () -> System.nanoTime() - began, Clock.systemUTC(), _ -> {})) {
      load.run(() -> true, Duration.ZERO);
      if (load.counters().good() == 0) {
        throw new IllegalStateException("no request of the AOT training had a good answer");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
