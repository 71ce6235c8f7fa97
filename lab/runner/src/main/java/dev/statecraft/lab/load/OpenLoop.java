package dev.statecraft.lab.load;

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
 * Open-loop load: requests are due at a constant rate, whatever the answers, and each is counted from when it was due.
 * A closed loop would wait for a stalled service and then report the few requests that it had sent meanwhile; that
 * error, named coordinated omission by Gil Tene, cannot arise here. Each due request is given to a free user drawn by
 * the seed; with none free it waits, and its wait is part of its latency; beyond the queue's bound it is shed and
 * counted as an error.
 *
 * <p>One instance keeps its users: it may run again, and {@link #readBack} ends it. {@link #run} and {@link #readBack}
 * are for one thread; the counters are thread-safe.
 */
public final class OpenLoop implements AutoCloseable {
  private final LoadPlan plan;
  private final SessionCalls calls;
  private final LongSupplier nanos;
  private final Consumer<Operation> sink;
  private final SplittableRandom random;
  private final List<SimulatedClient> users = new ArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicLong nextId = new AtomicLong();
  private final LoadCounters counters = new LoadCounters();
  private final AtomicReference<@Nullable Throwable> broken = new AtomicReference<>();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition idle = lock.newCondition();
  // Guarded by lock.
  private final List<SimulatedClient> free = new ArrayList<>();
  private final Deque<Arrival> waiting = new ArrayDeque<>();
  private final List<Long> shed = new ArrayList<>();

  /**
   * A load that has not begun.
   *
   * @param nanos the run's monotonic clock: nanoseconds since the run began
   * @param sink takes each operation when it is over; called by many threads at once
   */
  public OpenLoop(
      LoadPlan plan, SessionCalls calls, LongSupplier nanos, InstantSource clock, Consumer<Operation> sink) {
    this.plan = plan;
    this.calls = calls;
    this.nanos = nanos;
    this.sink = sink;
    this.random = new SplittableRandom(plan.seed());
    users.addAll(plan.visitors(clock));
    free.addAll(users);
  }

  /** What has been sent and answered so far. */
  public LoadCounters counters() {
    return counters;
  }

  /**
   * Offers the plan's load, then waits for the answers under way.
   *
   * @param mayEnd asked once the plan is through: while false, the load goes on at the same rate
   * @param longest how much longer than planned it may go on
   * @return when measuring began and ended, and what was shed between
   */
  public Measured run(BooleanSupplier mayEnd, Duration longest) throws InterruptedException {
    long began = nanos.getAsLong();
    Arrivals arrivals = plan.arrivals();
    long planned = arrivals.count();
    long most = planned + (long) (longest.toNanos() / 1e9 * plan.ratePerSecond());
    for (long index = 0; index < planned || (index < most && !mayEnd.getAsBoolean()); index++) {
      long due = began + arrivals.due(index);
      failIfBroken();
      sleepUntil(due);
      dispatch(new Arrival(nextId.getAndIncrement(), due));
    }
    awaitIdle();
    failIfBroken();
    long from = began + plan.warmUp().toNanos();
    long to = from + plan.measured().toNanos();
    lock.lock();
    try {
      return new Measured(from, to, shed.stream().filter(due -> due >= from && due < to).toList());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Reads the cart of every session that is still open, so that each acknowledged write is looked at once more.
   *
   * @param times how often each user reads, one after the other: round robin then shows them several nodes
   */
  public void readBack(int times) throws InterruptedException {
    for (SimulatedClient user : users) {
      threads.execute(() -> readCart(user, times));
    }
    threads.shutdown();
    if (!threads.awaitTermination(plan.deadline().toMillis() * (times + 1L), TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException("the last reads did not end in time");
    }
    failIfBroken();
  }

  private void readCart(SimulatedClient user, int times) {
    for (int time = 0; time < times; time++) {
      User.Step look = user.look();
      if (look == null) {
        return;
      }
      perform(user, look, new Arrival(nextId.getAndIncrement(), nanos.getAsLong()));
    }
  }

  private void dispatch(Arrival arrival) {
    SimulatedClient user;
    lock.lock();
    try {
      user = takeFree();
      if (user == null) {
        if (waiting.size() < plan.queueBound()) {
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

  /** Draws a free user; the last of the list fills the gap. Only with the lock held. */
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

  /** One call; a bug here or a history that cannot be written ends the run instead of passing for an idle user. */
  private void perform(SimulatedClient user, User.Step step, Arrival arrival) {
    try {
      long invoked = nanos.getAsLong();
      Answer answer = calls.send(step.call(), user.name(), step.item(), user.cookies(step));
      long completed = nanos.getAsLong();
      user.learn(step, answer.outcome());
      counters.count(answer.outcome());
      sink.accept(new Operation(arrival.id(), user.client(step), step.session(), step.call(), step.item(),
          arrival.due(), invoked, completed, answer.outcome(), answer.servedBy(), step.generation()));
    } catch (RuntimeException | Error e) {
      broken.compareAndSet(null, e);
    }
  }

  private void failIfBroken() {
    Throwable cause = broken.get();
    if (cause != null) {
      throw new IllegalStateException("the load generator broke: " + cause, cause);
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

  /** Waits for the answers; what has still no user when a deadline has passed is shed. */
  private void awaitIdle() throws InterruptedException {
    lock.lock();
    try {
      if (!isIdleWithin(plan.deadline().toNanos())) {
        for (Arrival arrival = waiting.poll(); arrival != null; arrival = waiting.poll()) {
          shed(arrival);
        }
        // A call may wait for a connection, then for it to stand, then for each part of the answer.
        if (!isIdleWithin(plan.deadline().toNanos() * 6)) {
          throw new IllegalStateException("answers are still missing long after their deadline");
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isIdleWithin(long nanoseconds) throws InterruptedException {
    long left = nanoseconds;
    while (free.size() < users.size() && left > 0) {
      left = idle.awaitNanos(left);
    }
    return free.size() == users.size();
  }

  private void shed(Arrival arrival) {
    shed.add(arrival.due());
    counters.countShed();
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private record Arrival(long id, long due) {}

  /**
   * The part of a run that is measured, on the run's clock in nanoseconds.
   *
   * @param from when the first measured request was due
   * @param to when measuring ended
   * @param shed when each request was due that no user was free to send
   */
  public record Measured(long from, long to, List<Long> shed) {
    public Measured {
      shed = List.copyOf(shed);
    }
  }
}
