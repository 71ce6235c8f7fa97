package dev.statecraft.lab.experiment.strategies;

import dev.statecraft.lab.console.InvalidInput;
import dev.statecraft.lab.console.OutputDirectory;
import dev.statecraft.lab.console.Progress;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.TestEnvironment;
import dev.statecraft.lab.environment.kubernetes.Release;
import dev.statecraft.lab.environment.local.ClusterPlan;
import dev.statecraft.lab.environment.local.LocalCluster;
import dev.statecraft.lab.environment.local.LocalTrait;
import dev.statecraft.lab.experiment.LocalServices;
import dev.statecraft.lab.fault.FaultInjector;
import dev.statecraft.lab.fault.Faults;
import dev.statecraft.lab.fault.Schedule;
import dev.statecraft.lab.history.FaultEvent;
import dev.statecraft.lab.strategy.SessionStrategy;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Injects the faults of a {@link ScheduleFile} and judges nothing: the load generator of the user records the history.
 * On Kubernetes the faults hit an installed release. A local cluster is started for the schedule, because only the
 * process that started its nodes can restart them; it stops after the last fault.
 */
public final class ChaosRun {
  private static final double NANOS_PER_SECOND = 1e9;

  private final Path file;
  private final long seed;
  private final PrintWriter out;
  private final Progress progress;

  /** Creates a run; the seed decides the targets that the file leaves open, where a fault chooses at random. */
  public ChaosRun(Path file, long seed, PrintWriter out, Progress progress) {
    this.file = file;
    this.seed = seed;
    this.out = out;
    this.progress = progress;
  }

  /**
   * Injects the faults. Times count from when the environment is ready.
   *
   * @param given the names of the options on the command line
   * @param nodes of a local cluster
   * @param logs of a local cluster; null for a directory beside the build
   * @throws InvalidInput if the file or an option is invalid
   * @throws ClusterFailure if a target does not recover; the remaining faults are then not injected
   */
  public void run(EnvironmentOptions environment, Set<String> given, int nodes, @Nullable Path logs)
      throws ClusterFailure, InterruptedException {
    if (given.contains("--from-inside")) {
      throw new InvalidInput("--from-inside: chaos offers no load; run it where the kubeconfig is");
    }
    ScheduleFile schedule = ScheduleFile.read(file);
    if (environment.isKubernetes(given)) {
      injectIntoRelease(environment, schedule);
    } else {
      injectLocally(schedule, nodes, logs);
    }
  }

  private void injectIntoRelease(EnvironmentOptions options, ScheduleFile schedule)
      throws ClusterFailure, InterruptedException {
    SessionStrategy strategy = schedule.strategy();
    try (Release release = options.find()) {
      StrategyNames.among(List.of(strategy.id()), release.shape());
      try (TestEnvironment environment = release.environment(strategy)) {
        Environments environments = Environments.of(release);
        schedule.check(name(), environment.nodes(), fault -> environments.unsupportedReason(fault, strategy));
        inject(environment, schedule);
      }
    }
  }

  private void injectLocally(ScheduleFile schedule, int nodes, @Nullable Path logs)
      throws ClusterFailure, InterruptedException {
    SessionStrategy strategy = schedule.strategy();
    StrategyNames.checkNodes(nodes, List.of(strategy));
    schedule.check(name(), LocalCluster.nodeNames(strategy, nodes),
        fault -> Faults.unsupportedLocally(fault, strategy));
    Set<LocalTrait> traits = EnumSet.noneOf(LocalTrait.class);
    schedule.planned().forEach(planned -> traits.addAll(planned.fault().traits()));
    Path directory = logs == null
        ? LocalServices.find().installation().prepared().resolve("chaos-logs")
        : OutputDirectory.create(logs);
    LocalServices services = LocalServices.trained(List.of(strategy), false, progress);
    progress.status("starting the cluster");
    ClusterPlan plan = new ClusterPlan(List.of(strategy), nodes, null, null, null, traits, false, directory);
    try (LocalCluster cluster = LocalCluster.start(plan, services.java(), services.launches())) {
      inject(cluster.environment(strategy), schedule);
    }
  }

  private void inject(TestEnvironment environment, ScheduleFile schedule) throws ClusterFailure, InterruptedException {
    progress.clear();
    out.println("Load to " + environment.prefix());
    schedule.planned().forEach(planned -> out.println("Planned at " + seconds(planned.at().toNanos()) + " s: "
        + planned.fault().name() + (planned.target() == null ? "" : " of " + planned.target()) + " for "
        + seconds(planned.duration().toNanos()) + " s"));
    out.flush();
    long zero = System.nanoTime();
    new FaultInjector(environment.faultTarget(), schedule.strategy(), () -> System.nanoTime() - zero, new Random(seed),
        this::print).run(new Schedule(schedule.planned(), List.of()));
    out.println(seconds(System.nanoTime() - zero) + " s: all faults are over, and their targets are ready");
    out.flush();
  }

  private void print(FaultEvent event) {
    boolean began = event.ended() < 0;
    out.println(seconds(began ? event.began() : event.ended()) + " s: " + event.kind() + " of " + event.target()
        + (began ? " begins" : " is healed"));
    out.flush();
  }

  private static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.1f", nanos / NANOS_PER_SECOND);
  }

  private String name() {
    return "--schedule " + file;
  }
}
