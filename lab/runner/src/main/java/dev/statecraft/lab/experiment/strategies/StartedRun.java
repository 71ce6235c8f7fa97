package dev.statecraft.lab.experiment.strategies;

import dev.statecraft.lab.console.Progress;
import dev.statecraft.lab.console.ProgressLoop;
import dev.statecraft.lab.environment.ClusterCpu;
import dev.statecraft.lab.environment.TestEnvironment;
import dev.statecraft.lab.environment.local.process.ProcessUsage;
import dev.statecraft.lab.experiment.strategies.StrategyRun.Recorded;
import dev.statecraft.lab.experiment.strategies.StrategyRun.RecordedRound;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults.WarmUp;
import dev.statecraft.lab.fault.FaultInjector;
import dev.statecraft.lab.fault.Schedule;
import dev.statecraft.lab.history.FaultEvent;
import dev.statecraft.lab.history.History;
import dev.statecraft.lab.history.HistoryReader;
import dev.statecraft.lab.history.HistoryWriter;
import dev.statecraft.lab.history.Operation;
import dev.statecraft.lab.load.Arrivals;
import dev.statecraft.lab.load.LoadPlan;
import dev.statecraft.lab.load.OpenLoop;
import dev.statecraft.lab.load.OpenLoop.Measured;
import dev.statecraft.lab.load.SessionClient;
import dev.statecraft.lab.strategy.SessionStrategy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The run of a strategy whose environment has started: {@link #warmUp} once, {@link #round} any number of times,
 * {@link #finish} once. The run may rest between two of them, while the rounds of other strategies are measured. All
 * operations are in one history; those before {@link #finish} have negative times. For one thread.
 */
final class StartedRun implements AutoCloseable {
  /** Load before a measured part after a rest: connections are opened again. */
  static final Duration LEAD_IN = Duration.ofSeconds(1);
  /** With a shorter warm-up, nothing but the measured load warms the cluster up. */
  private static final Duration MIN_DRIVEN = Duration.ofSeconds(10);
  /** In which the rate of a cold cluster rises. */
  private static final Duration RAMP = Duration.ofSeconds(4);

  private final ComparePlan plan;
  private final Progress progress;
  private final String title;
  private final TestEnvironment environment;
  private final boolean mayDrive;
  private final Path file;
  private final LoadPlan load;
  private final Schedule schedule;
  private final RecoveryProbe recovery;
  private final RunClock clock = new RunClock();
  private final FaultInjector injector;
  private final Queue<Operation> cold = new ConcurrentLinkedQueue<>();
  private final HistoryWriter writer;
  private final SessionClient client;
  private final OpenLoop loop;
  private final List<RecordedRound> rounds = new ArrayList<>();
  private @Nullable WarmUp warmUp;

  /** Creates a run that closes the environment with itself. */
  StartedRun(ComparePlan plan, SessionStrategy strategy, Progress progress, String title, Environments environments,
      TestEnvironment environment) throws IOException {
    this.plan = plan;
    this.progress = progress;
    this.title = title;
    this.environment = environment;
    this.mayDrive = environments.mayDrive();
    this.file = plan.out().resolve(StrategyRun.historyOf(strategy));
    this.load = plan.load(strategy);
    this.schedule = plan.schedule(strategy, fault -> environments.unsupportedReason(fault, strategy));
    this.recovery = new RecoveryProbe(environment.nodes());
    this.injector = new FaultInjector(environment.faultTarget(), strategy, clock, plan.random(strategy));
    Duration timeout = plan.sessionTimeout();
    this.writer = HistoryWriter.create(file, new History(strategy.id(), plan.reads(strategy), plan.writes(strategy),
        plan.historyWorkload(), plan.seed(), environment.nodes(), timeout == null ? null : timeout.toMillis(),
        List.of(), List.of()));
    this.client = new SessionClient(environment.prefix(), load.sessions() + ClusterWarmUp.USERS, load.deadline());
    this.loop = new OpenLoop(load, client, clock, Clock.systemUTC(), this::record);
  }

  /** Called concurrently. */
  private void record(Operation operation) {
    if (clock.isWarmingUp()) {
      cold.add(operation);
    } else {
      recovery.observe(operation, injector.injected());
      writer.record(operation);
    }
  }

  /**
   * Offers the load until the cluster is warm, or for the time of the plan. Its operations count for the verdict, and
   * the users that drive the cluster do not.
   */
  void warmUp() throws InterruptedException {
    warmUp = driven();
  }

  private @Nullable WarmUp driven() throws InterruptedException {
    if (load.warmUp().isZero()) {
      return null;
    }
    if (load.warmUp().compareTo(MIN_DRIVEN) < 0 || !mayDrive) {
      try (ProgressLoop _ = new ProgressLoop(progress, () -> warmingUp())) {
        offer(load.warmUp());
      }
      return null;
    }
    ClusterWarmUp users = new ClusterWarmUp(load, client, Clock.systemUTC(), environment.compilerTime(),
        load.warmUp());
    try (ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor();
        ProgressLoop _ = new ProgressLoop(progress, () -> warmingUp())) {
      Future<WarmUp> driven = thread.submit(users::run);
      try {
        loop.run(new Arrivals(load.ratePerSecond(), RAMP, RAMP), driven::isDone, load.warmUp().multipliedBy(2));
        return driven.get(load.deadline().toMillis(), TimeUnit.MILLISECONDS);
      } catch (ExecutionException | TimeoutException e) {
        throw new IllegalStateException("the warm-up failed: " + e, e);
      } finally {
        thread.shutdownNow();
      }
    }
  }

  private String warmingUp() {
    return title + "warming up" + answers();
  }

  private String answers() {
    return ", " + loop.counters().good() + " good answers, " + loop.counters().errors() + " errors";
  }

  /** Measures a round without faults. */
  void round(int number) throws InterruptedException {
    try (ProgressLoop _ = new ProgressLoop(progress,
        () -> title + "round " + number + "/" + plan.repeat() + answers())) {
      offer(LEAD_IN);
      Optional<ClusterCpu> before = environment.cpuTime().get();
      Duration client = ProcessUsage.ofThisProcess();
      Measured measured = loop.run(new Arrivals(load.ratePerSecond(), Duration.ZERO, plan.round()), () -> true,
          Duration.ZERO);
      Duration used = ProcessUsage.ofThisProcess().minus(client);
      Optional<ClusterCpu> after = environment.cpuTime().get();
      rounds.add(new RecordedRound(measured,
          before.isEmpty() || after.isEmpty() ? null : after.get().since(before.get()), used));
    }
  }

  /** Offers the load without measuring. */
  private void offer(Duration time) throws InterruptedException {
    Duration half = time.dividedBy(2);
    loop.run(new Arrivals(load.ratePerSecond(), half, half), () -> true, Duration.ZERO);
  }

  /** Measures under faults, reads every cart back, closes the run except its environment, and returns its history. */
  Recorded finish() throws IOException, InterruptedException {
    if (plan.repeat() > 0) {
      offer(LEAD_IN);
    }
    Measured measured;
    String problem;
    long lasted = clock.startMeasuring();
    cold.forEach(operation -> writer.record(operation.earlier(lasted)));
    cold.clear();
    try (ExecutorService faults = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Void> fault = faults.submit(() -> {
        injector.run(schedule);
        return null;
      });
      try (ProgressLoop _ = new ProgressLoop(progress, this::status)) {
        measured = loop.run(new Arrivals(load.ratePerSecond(), Duration.ZERO, load.measured()),
            () -> hasEnded(fault, injector.injected(), recovery), recoveryTimeout(environment, schedule));
        problem = end(fault, writer, injector, recovery);
        loop.readBack(environment.nodes().size());
      } finally {
        faults.shutdownNow();
      }
    }
    closeLoad();
    return new Recorded(HistoryReader.read(file), measured, schedule.notRun(), problem, warmUp,
        rounds.stream().map(round -> earlier(round, lasted)).toList());
  }

  private static RecordedRound earlier(RecordedRound round, long nanos) {
    Measured measured = round.measured();
    return new RecordedRound(new Measured(measured.from() - nanos, measured.to() - nanos,
        measured.shed().stream().map(due -> due - nanos).toList()), round.cpu(), round.client());
  }

  private void closeLoad() throws IOException {
    loop.close();
    client.close();
    writer.close();
  }

  /** Stops the load and the environment; may be called again. */
  @Override
  public void close() throws IOException {
    try {
      closeLoad();
    } finally {
      environment.close();
    }
  }

  private static Duration recoveryTimeout(TestEnvironment environment, Schedule schedule) {
    return environment.recoveryTimeout().multipliedBy(Math.max(1, schedule.planned().size()));
  }

  private static boolean hasEnded(Future<Void> fault, List<FaultEvent> injected, RecoveryProbe recovery) {
    return switch (fault.state()) {
      case RUNNING -> false;
      case SUCCESS -> recovery.missing(injected).isEmpty();
      case FAILED, CANCELLED -> true;
    };
  }

  /** Waits for the faults after the load, records them, and returns what went wrong with them; null for nothing. */
  private static @Nullable String end(Future<Void> fault, HistoryWriter writer, FaultInjector injector,
      RecoveryProbe recovery) throws InterruptedException {
    boolean inTime = fault.isDone();
    String problem = null;
    try {
      fault.get(StrategyRun.FAULT_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
      List<String> missing = recovery.missing(injector.injected());
      if (!missing.isEmpty()) {
        problem = String.join(", ", missing) + (inTime
            ? " recovered but served no request before the load ended"
            : " did not recover before the load ended");
      }
    } catch (ExecutionException e) {
      problem = String.valueOf(e.getCause() == null ? e.getMessage() : e.getCause().getMessage());
    } catch (TimeoutException e) {
      problem = "the faults did not end within " + StrategyRun.FAULT_TIMEOUT.toSeconds() + " s after the load";
    }
    injector.injected().forEach(writer::record);
    return problem;
  }

  private String status() {
    List<FaultEvent> faults = injector.injected();
    long seconds = Math.floorDiv(clock.getAsLong(), 1_000_000_000L);
    String phase = seconds <= load.measured().toSeconds()
        ? "measuring " + seconds + "/" + load.measured().toSeconds() + " s"
        : "reading every cart back";
    int last = faults.size() - 1;
    String injected = last < 0
        ? ""
        : ", " + faults.get(last).kind() + " of " + faults.get(last).target()
            + (recovery.servesAgain(last) ? " (serves again)" : "");
    return title + phase + answers() + injected;
  }

  /** Nanoseconds since measuring began; before that, since the warm-up began. Thread-safe. */
  private static final class RunClock implements LongSupplier {
    private volatile long zero = System.nanoTime();
    private volatile boolean warmingUp = true;

    @Override
    public long getAsLong() {
      return System.nanoTime() - zero;
    }

    boolean isWarmingUp() {
      return warmingUp;
    }

    /** Begins measuring now, between two loads; returns how long the warm-up lasted. */
    long startMeasuring() {
      long now = System.nanoTime();
      long lasted = now - zero;
      zero = now;
      warmingUp = false;
      return lasted;
    }
  }
}
