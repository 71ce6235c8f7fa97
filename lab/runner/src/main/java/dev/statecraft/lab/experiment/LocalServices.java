package dev.statecraft.lab.experiment;

import dev.statecraft.lab.console.Progress;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.local.AotTraining;
import dev.statecraft.lab.environment.local.LocalCluster;
import dev.statecraft.lab.environment.local.RedisServer;
import dev.statecraft.lab.environment.local.launch.App;
import dev.statecraft.lab.environment.local.launch.Installation;
import dev.statecraft.lab.environment.local.launch.LaunchPreparation;
import dev.statecraft.lab.load.ClosedLoop;
import dev.statecraft.lab.load.LoadPlan;
import dev.statecraft.lab.load.OperationMix;
import dev.statecraft.lab.load.SessionClient;
import dev.statecraft.lab.report.Software;
import dev.statecraft.lab.strategy.SessionStrategy;
import dev.statecraft.lab.strategy.SharedStore;
import dev.statecraft.lab.strategy.StrategyTrait;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The services of this installation, to be started as local processes. */
public record LocalServices(Installation installation, LaunchPreparation launches) {
  /**
   * The users that train the AOT caches, without pause: the profiles in a cache (JEP 515) are those of the methods that
   * the training made hot.
   */
  private static final LoadPlan TRAINING = new LoadPlan(150, Duration.ZERO, Duration.ofSeconds(12), 8, 1,
      Duration.ofSeconds(10), OperationMix.SHOPPING, 20);

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

  /** The programs and libraries that the nodes of the strategies consist of. */
  public List<Software> software(List<SessionStrategy> strategies) throws ClusterFailure, InterruptedException {
    List<String> libraries = new ArrayList<>(launches.libraries(App.GATEWAY, App.GATEWAY.module()));
    for (SessionStrategy strategy : strategies) {
      libraries.addAll(launches.libraries(App.STATEFUL, strategy.id()));
    }
    List<Software> software = new ArrayList<>(LibraryVersions.of(libraries));
    for (SessionStrategy strategy : strategies) {
      Optional<SharedStore> store = strategy.store();
      if (store.isPresent()) {
        store.get().version().ifPresent(version -> software.add(new Software(store.get().name(), version)));
      }
    }
    if (strategies.stream().anyMatch(strategy -> strategy.has(StrategyTrait.USES_REDIS))) {
      software.add(RedisServer.find(installation.prepared()).software());
    }
    return List.copyOf(software);
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
    try (SessionClient client = new SessionClient(cluster.prefix(strategy), TRAINING.sessions(), TRAINING.deadline());
        ClosedLoop load = ClosedLoop.start(TRAINING, client, Clock.systemUTC())) {
      Thread.sleep(TRAINING.measured());
      if (load.good() == 0) {
        throw new IllegalStateException("no request of the AOT training had a good answer");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
