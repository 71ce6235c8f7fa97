package dev.statecraft.lab.experiment.concurrency;

import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.local.StandaloneService;
import dev.statecraft.lab.environment.local.process.CpuPartition;
import dev.statecraft.lab.environment.local.process.ProcessUsage;
import dev.statecraft.lab.experiment.LocalServices;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.RateStep;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.Series;
import dev.statecraft.lab.experiment.concurrency.RateStepFigures.Usage;
import dev.statecraft.lab.load.Arrivals;
import dev.statecraft.lab.load.HttpLoadGenerator;
import dev.statecraft.lab.load.WorkClient;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Measures one model with one kind of work in a process of its own: searches the highest sustained rate, then offers
 * twice that rate.
 */
public final class ModelExperiment {
  /** The maximum number of connections: more than any model accepts, so that rejections are measured. */
  public static final int CLIENTS = 2_000;

  private static final Duration DEADLINE = Duration.ofSeconds(2);
  private static final Duration RESPONSIVE_TIMEOUT = Duration.ofMinutes(2);
  private static final Duration WARM_UP = Duration.ofSeconds(1);
  /** So few that even sequential service leaves no backlog for the measurement. */
  private static final int WARM_UP_CLIENTS = 16;
  /** Chosen so that no step is at 10 per second, the exact capacity of sequential requests of 100 ms. */
  private static final double FIRST_RATE = 25;
  private static final double MAX_RATE = 50_000;
  private static final int BISECTIONS = 3;
  private static final long SAMPLE_MILLIS = 200;

  private final StandaloneService service;
  private final URI work;
  private final int loops;
  private final Consumer<String> status;

  /**
   * How long the service is warmed up.
   *
   * @param withoutWork how long the service first gets requests without work
   * @param round how long it gets requests in each round of the {@link WarmUp}
   * @param pause the end of a round: gives the compiler CPU time, because under load it may get so little that it looks
   * idle
   * @param overload the unmeasured part of the overload: long, because the code that rejects requests is first compiled
   * then
   */
  record WarmUpTimes(Duration withoutWork, Duration round, Duration pause, Duration overload) {
    static final WarmUpTimes DEFAULT = new WarmUpTimes(
        Duration.ofSeconds(10), Duration.ofSeconds(4), Duration.ofSeconds(1), Duration.ofSeconds(20));
  }

  private ModelExperiment(StandaloneService service, URI work, int loops, Consumer<String> status) {
    this.service = service;
    this.work = work;
    this.loops = loops;
    this.status = status;
  }

  /** Starts the service, measures it and stops it. */
  static Series run(ConcurrencyModel model, WorkKind workload, ConcurrencyPlan plan, WarmUpTimes times,
      CpuPartition partition, LocalServices services, Consumer<String> status)
      throws ClusterFailure, InterruptedException {
    String name = model.name() + "-" + workload.label();
    try (StandaloneService service = StandaloneService.start(model.app(), _ -> model.settings(),
        services.launches().of(model.app(), model.app().module(), name), partition, services.java(),
        services.log("concurrency-logs", name))) {
      int loops = partition.loadCpus().orElse(Runtime.getRuntime().availableProcessors());
      ModelExperiment experiment = new ModelExperiment(service, service.uri().resolve(workload.path()), loops, status);
      status.accept("warming up");
      sendFor(service.uri().resolve("/work"), times.withoutWork());
      new WarmUp(service::compilerTime, System::nanoTime).run(() -> {
        sendFor(service.uri().resolve(workload.warmUpPath()), times.round());
        Thread.sleep(times.pause());
      });
      List<RateStep> steps = new RateSearch(FIRST_RATE, MAX_RATE, BISECTIONS)
          .run(rate -> experiment.measure(rate, WARM_UP, plan.step()));
      Optional<RateStep> highest = new Series(model.name(), workload.label(), workload.path(), steps, null, true)
          .highestSustained();
      RateStep overload = highest.isEmpty() || plan.past().isZero()
          ? null
          : experiment.measure(2 * highest.get().offeredPerSecond(), times.overload(), plan.past());
      return new Series(model.name(), workload.label(), workload.path(), steps, overload, service.usage().isPresent());
    }
  }

  /** Sends requests from a few clients without pause. */
  private static void sendFor(URI work, Duration duration) {
    long until = System.nanoTime() + duration.toNanos();
    try (WorkClient client = new WorkClient(work, WARM_UP_CLIENTS, DEADLINE);
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int number = 0; number < WARM_UP_CLIENTS; number++) {
        clients.execute(() -> {
          while (System.nanoTime() < until) {
            client.send();
          }
        });
      }
    }
  }

  private RateStep measure(double rate, Duration warmUp, Duration measured) throws InterruptedException {
    status.accept(String.format(Locale.ROOT, "%.0f requests per second", rate));
    service.awaitResponsive(RESPONSIVE_TIMEOUT);
    RateStepFigures figures = new RateStepFigures(rate, measured);
    Duration serviceBefore = processorTime(service.usage());
    Optional<Duration> compilerBefore = service.compilerTime();
    Duration loadBefore = ProcessUsage.ofThisProcess();
    long began = System.nanoTime();
    AtomicReference<@Nullable ProcessUsage> peak = new AtomicReference<>();
    Thread sampling = Thread.ofPlatform().name("usage").daemon().start(() -> sample(peak));
    try {
      HttpLoadGenerator.run(work, new Arrivals(rate, warmUp, measured), CLIENTS, DEADLINE, loops, figures::count);
      return figures.step(new Usage(peak.get(), Duration.ofNanos(System.nanoTime() - began),
          processorTime(service.usage()).minus(serviceBefore), ProcessUsage.ofThisProcess().minus(loadBefore),
          compilerBefore.flatMap(before -> service.compilerTime().map(after -> after.minus(before))).orElse(null)));
    } finally {
      sampling.interrupt();
      sampling.join();
    }
  }

  private void sample(AtomicReference<@Nullable ProcessUsage> peak) {
    try {
      while (true) {
        service.usage().ifPresent(now -> peak.set(RateStepFigures.peak(peak.get(), now)));
        Thread.sleep(SAMPLE_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Duration processorTime(Optional<ProcessUsage> usage) {
    return usage.map(ProcessUsage::processorTime).orElse(Duration.ZERO);
  }
}
