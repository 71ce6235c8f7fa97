package dev.statecraft.lab.experiment.strategies;

import dev.statecraft.lab.experiment.strategies.Steadiness.Sample;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults.WarmUp;
import dev.statecraft.lab.load.ClosedLoop;
import dev.statecraft.lab.load.LoadPlan;
import dev.statecraft.lab.load.SessionCalls;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Drives a cold cluster as fast as it answers, until it is {@linkplain Steadiness steady} or a bound is reached,
 * because the figures of code that is still being compiled tell nothing about a strategy. Call {@link #run} on a thread
 * of its own; the other methods are thread-safe.
 */
final class ClusterWarmUp {
  /** Users that send without pause: enough to keep two processors busy, too few to fill a queue. */
  static final int USERS = 8;
  /** In which nodes work off what is left, and the load is the measured one alone. */
  private static final Duration SETTLE = Duration.ofSeconds(2);
  private static final long SECOND = 1_000_000_000L;

  private final LoadPlan users;
  private final SessionCalls calls;
  private final InstantSource clock;
  private final Supplier<Optional<Duration>> compilerTime;
  private final Duration bound;

  /**
   * Creates a warm-up that has not begun.
   *
   * @param plan whose mix and workload the users follow
   * @param compilerTime the CPU time that the JIT compilers of the cluster have used; empty if unknown
   * @param bound the time after which it ends although the cluster is not steady, without the time to settle
   */
  ClusterWarmUp(LoadPlan plan, SessionCalls calls, InstantSource clock, Supplier<Optional<Duration>> compilerTime,
      Duration bound) {
    this.users = plan.withSessions(USERS);
    this.calls = calls;
    this.clock = clock;
    this.compilerTime = compilerTime;
    this.bound = bound;
  }

  /** Drives the cluster until it is steady, or to the bound, and lets it settle; returns what was reached. */
  WarmUp run() throws InterruptedException {
    List<Sample> samples = new ArrayList<>();
    long began = System.nanoTime();
    boolean steady = false;
    WarmUp result;
    try (ClosedLoop load = ClosedLoop.start(users, calls, clock)) {
      Optional<Duration> compiled = compilerTime.get();
      long good = 0;
      long last = began;
      while (!steady && last - began < bound.toNanos()) {
        Thread.sleep(Duration.ofNanos(Math.max(0, began + (samples.size() + 1) * SECOND - System.nanoTime())));
        long now = System.nanoTime();
        long goodNow = load.good();
        Optional<Duration> compiledNow = compilerTime.get();
        double seconds = (now - last) / (double) SECOND;
        samples.add(new Sample((goodNow - good) / seconds, compiled.isEmpty() || compiledNow.isEmpty()
            ? null
            : (Double) (Math.max(0, compiledNow.get().minus(compiled.get()).toNanos()) / (double) SECOND / seconds)));
        good = goodNow;
        compiled = compiledNow;
        last = now;
        steady = Steadiness.isSteady(samples);
      }
      result = new WarmUp((last - began) / (double) SECOND, steady,
          samples.stream().map(sample -> Math.round(sample.goodPerSecond())).toList(),
          Steadiness.compilerProcessors(samples));
    }
    Thread.sleep(SETTLE);
    return result;
  }
}
