package dev.statecraft.lab.load;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.statecraft.lab.history.Operation;
import dev.statecraft.lab.load.SessionClient.Answer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An open-loop load generator with simulated users. Requests are due at a constant rate, independent of answers, and
 * latency counts from when a request was due. A closed loop would wait for a stalled service and then report only the
 * few requests that it had sent; this error, coordinated omission (Gil Tene), cannot happen here. Each due request goes
 * to a random free user. If no user is free it waits in a queue, and the wait is part of its latency. If the queue is
 * full it is shed and counted as an error.
 *
 * <p>An instance keeps its users: {@link #run} may be called repeatedly, then {@link #readBack} once. Only one thread
 * may call them; the counters are thread-safe.
 */
public final class OpenLoop implements AutoCloseable {
  private static final int MAX_DEADLINES_OF_A_CALL = 6;

  private final LoadPlan plan;
  private final SessionCalls calls;
  private final LongSupplier nanos;
  private final Consumer<Operation> sink;
  private final SplittableRandom random;
  private final List<SimulatedClient> users = new ArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicLong nextId = new AtomicLong();
  private final LoadCounters counters = new LoadCounters();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition idle = lock.newCondition();
  @GuardedBy("lock")
  private final List<SimulatedClient> free = new ArrayList<>();
  @GuardedBy("lock")
  private final Deque<Arrival> waiting = new ArrayDeque<>();
  @GuardedBy("lock")
  private final List<Long> shed = new ArrayList<>();

  /**
   * Creates a load that has not started.
   *
   * @param nanos the run's monotonic clock, in nanoseconds
   * @param sink receives each operation when it has ended; called concurrently
   */
  public OpenLoop(LoadPlan plan, SessionCalls calls, LongSupplier nanos, InstantSource clock,
      Consumer<Operation> sink) {
    this.plan = plan;
    this.calls = calls;
    this.nanos = nanos;
    this.sink = sink;
    this.random = new SplittableRandom(plan.seed());
    users.addAll(plan.clients(clock));
    free.addAll(users);
  }

  public LoadCounters counters() {
    return counters;
  }

  /**
   * Offers the plan's load, then waits for the outstanding answers.
   *
   * @param mayEnd checked after the planned time: while false, the load continues at the same rate
   * @param maxExtension how much longer than planned the load may continue
   * @return when measuring began and ended, and which requests were shed
   */
  public Measured run(BooleanSupplier mayEnd, Duration maxExtension) throws InterruptedException {
    return run(plan.arrivals(), mayEnd, maxExtension);
  }

  /** The same with other arrivals than the plan's. */
  public Measured run(Arrivals arrivals, BooleanSupplier mayEnd, Duration maxExtension) throws InterruptedException {
    long began = nanos.getAsLong();
    long planned = arrivals.count();
    long max = planned + (long) (maxExtension.toNanos() / 1e9 * arrivals.ratePerSecond());
    for (long index = 0; index < planned || (index < max && !mayEnd.getAsBoolean()); index++) {
      long due = began + arrivals.due(index);
      rethrowFailure();
      sleepUntil(due);
      dispatch(new Arrival(nextId.getAndIncrement(), due));
    }
    awaitIdle();
    rethrowFailure();
    long from = began + arrivals.warmUp().toNanos();
    long to = from + arrivals.measured().toNanos();
    lock.lock();
    try {
      return new Measured(from, to, shed.stream().filter(due -> due >= from && due < to).toList());
    } finally {
      lock.unlock();
    }
  }

  /** Reads the cart of every open session {@code times} times in a row, so that round robin reaches several nodes. */
  public void readBack(int times) throws InterruptedException {
    for (SimulatedClient user : users) {
      threads.execute(() -> readCart(user, times));
    }
    threads.shutdown();
    Duration timeout = plan.deadline().multipliedBy(times + 1L);
    if (!threads.awaitTermination(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException("the final reads did not end within " + timeout.toSeconds() + " s");
    }
    rethrowFailure();
  }

  private void readCart(SimulatedClient user, int times) {
    for (int time = 0; time < times; time++) {
      User.Step read = user.readCart();
      if (read == null) {
        return;
      }
      perform(user, read, new Arrival(nextId.getAndIncrement(), nanos.getAsLong()));
    }
  }

  private void dispatch(Arrival arrival) {
    SimulatedClient user;
    lock.lock();
    try {
      user = takeFree();
      if (user == null) {
        if (waiting.size() < plan.maxQueueLength()) {
          waiting.add(arrival);
        } else {
          shed(arrival);
        }
      }
    } finally {
      lock.unlock();
    }
    if (user != null) {
      threads.execute(() -> serve(user, arrival));
    }
  }

  /** Removes a random free user; the last one of the list takes its position. */
  @GuardedBy("lock")
  private @Nullable SimulatedClient takeFree() {
    if (free.isEmpty()) {
      return null;
    }
    int drawn = random.nextInt(free.size());
    SimulatedClient last = free.removeLast();
    return drawn == free.size() ? last : free.set(drawn, last);
  }

  private void serve(SimulatedClient user, Arrival first) {
    Arrival arrival = first;
    while (arrival != null) {
      perform(user, user.next(), arrival);
      lock.lock();
      try {
        arrival = waiting.poll();
        if (arrival == null) {
          free.add(user);
          if (free.size() == users.size()) {
            idle.signalAll();
          }
        }
      } finally {
        lock.unlock();
      }
    }
  }

  /** Makes one call. An exception, such as a history that cannot be written, fails the run. */
  private void perform(SimulatedClient user, User.Step step, Arrival arrival) {
    try {
      long invoked = nanos.getAsLong();
      Answer answer = calls.send(step.call(), user.name(), step.item(), user.cookies(step));
      long completed = nanos.getAsLong();
      user.observe(step, answer.outcome());
      counters.count(answer.outcome());
      sink.accept(new Operation(arrival.id(), user.clientId(step), step.session(), step.call(), step.item(),
          arrival.due(), invoked, completed, answer.outcome(), answer.servedBy(), step.generation()));
    } catch (RuntimeException | Error e) {
      failure.compareAndSet(null, e);
    }
  }

  private void rethrowFailure() {
    Throwable cause = failure.get();
    if (cause != null) {
      throw new IllegalStateException("the load generator failed: " + cause, cause);
    }
  }

  private void sleepUntil(long due) throws InterruptedException {
    for (long left = due - nanos.getAsLong(); left > 0; left = due - nanos.getAsLong()) {
      LockSupport.parkNanos(this, left);
      if (Thread.interrupted()) {
        throw new InterruptedException("the load was interrupted");
      }
    }
  }

  /** Waits for the answers; sheds the requests that have no user after one deadline. */
  private void awaitIdle() throws InterruptedException {
    lock.lock();
    try {
      if (!isIdleWithin(plan.deadline().toNanos())) {
        for (Arrival arrival = waiting.poll(); arrival != null; arrival = waiting.poll()) {
          shed(arrival);
        }
        // A call may wait a deadline each for a free connection, for its setup, and for each part of the answer.
        if (!isIdleWithin(plan.deadline().toNanos() * MAX_DEADLINES_OF_A_CALL)) {
          throw new IllegalStateException(
              "calls were still open " + MAX_DEADLINES_OF_A_CALL + " deadlines after the end of the load");
        }
      }
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private boolean isIdleWithin(long nanoseconds) throws InterruptedException {
    long left = nanoseconds;
    while (free.size() < users.size() && left > 0) {
      left = idle.awaitNanos(left);
    }
    return free.size() == users.size();
  }

  @GuardedBy("lock")
  private void shed(Arrival arrival) {
    shed.add(arrival.due());
    counters.countShed();
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private record Arrival(long id, long due) {}

  /** The measured part of a run, in nanoseconds of the run's clock, and when each shed request was due. */
  public record Measured(long from, long to, List<Long> shed) {
    public Measured {
      shed = List.copyOf(shed);
    }
  }
}
