package dev.statecraft.lab.load;

import dev.statecraft.lab.history.Outcome;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Simulated users that each send a request as soon as the previous one is answered. Such a load finds out by itself how
 * fast a cluster is, so it warms one up; its latencies are not those of a load that does not wait. Thread-safe.
 */
public final class ClosedLoop implements AutoCloseable {
  /** A refused request costs its service little, and must not keep the client's processor busy. */
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(20);

  private final LoadPlan plan;
  private final SessionCalls calls;
  private final LongAdder good = new LongAdder();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private volatile boolean stopped;

  private ClosedLoop(LoadPlan plan, SessionCalls calls) {
    this.plan = plan;
    this.calls = calls;
  }

  /** Starts one loop for each session of the plan; of the plan it uses the users alone, not the rate. */
  public static ClosedLoop start(LoadPlan plan, SessionCalls calls, InstantSource clock) {
    ClosedLoop loop = new ClosedLoop(plan, calls);
    List<SimulatedClient> clients = plan.clients(clock);
    clients.forEach(client -> loop.threads.execute(() -> loop.send(client)));
    return loop;
  }

  private void send(SimulatedClient client) {
    while (!stopped) {
      User.Step step = client.next();
      Outcome outcome = calls.send(step.call(), client.name(), step.item(), client.cookies(step)).outcome();
      client.observe(step, outcome);
      if (outcome instanceof Outcome.Ok) {
        good.increment();
      } else {
        try {
          Thread.sleep(PAUSE_AFTER_FAILURE);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return;
        }
      }
    }
  }

  /** The number of good answers. */
  public long good() {
    return good.sum();
  }

  /** Lets each user wait for its last answer, at most for the deadline of the plan. */
  @Override
  public void close() {
    stopped = true;
    threads.shutdown();
    try {
      if (!threads.awaitTermination(plan.deadline().toMillis(), TimeUnit.MILLISECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
