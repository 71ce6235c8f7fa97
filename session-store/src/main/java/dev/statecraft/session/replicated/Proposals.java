package dev.statecraft.session.replicated;

import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.SessionStoreException.Reason;
import dev.statecraft.session.replicated.Outcome.Verdict;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Has a command carried out once, whatever becomes of the leader meanwhile. An attempt that finds no leader, loses it
 * or is not answered in time is repeated under the same number, which the state machine recognises, until the deadline.
 *
 * <p>Thread-safe. Blocks the calling thread, which should be a virtual one; commands in flight are bounded.
 */
final class Proposals {
  private static final long FIRST_ATTEMPT_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final int MOST_IN_FLIGHT = 4_096;
  /** Far below what JGroups and the log can carry, far above what a session should hold. */
  static final int MOST_BYTES = 1 << 20;

  private final RaftNode node;
  private final long deadlineNanos;
  private final long origin = new SecureRandom().nextLong();
  private final AtomicLong sequences = new AtomicLong();
  private final ConcurrentSkipListSet<Long> open = new ConcurrentSkipListSet<>();
  private final Semaphore inFlight = new Semaphore(MOST_IN_FLIGHT);
  private final Counter proposed;
  private final Counter retried;
  private final Counter conflicts;

  Proposals(RaftNode node, Duration deadline, MeterRegistry meters) {
    this.node = node;
    this.deadlineNanos = deadline.toNanos();
    proposed = Counter
        .builder("statecraft.session.replicated.commands")
        .description("Commands proposed to the group by this node")
        .register(meters);
    retried = Counter
        .builder("statecraft.session.replicated.retries")
        .description("Attempts repeated because the leader was lost or silent")
        .register(meters);
    conflicts = Counter
        .builder("statecraft.session.replicated.conflicts")
        .description("Commands refused because another one changed the same first")
        .register(meters);
  }

  /**
   * Proposes, and waits for the outcome.
   *
   * @throws SessionStoreException where the command is too large, or the outcome is not known by the deadline
   */
  Outcome carryOut(Command command) {
    long end = System.nanoTime() + deadlineNanos;
    try {
      if (!inFlight.tryAcquire(deadlineNanos, TimeUnit.NANOSECONDS)) {
        throw unavailable("too many changes wait for the group", null);
      }
      try {
        return numbered(command, end);
      } finally {
        inFlight.release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable("the request was interrupted", e);
    }
  }

  int inFlight() {
    return MOST_IN_FLIGHT - inFlight.availablePermits();
  }

  private Outcome numbered(Command command, long end) throws InterruptedException {
    long sequence = openNext();
    try {
      long oldestOpen = open.first();
      byte[] bytes = CommandCodec
          .encode(new Proposal(origin, sequence, oldestOpen, node.applied().value(), command));
      if (bytes.length > MOST_BYTES) {
        throw new SessionStoreException(
            Reason.TOO_LARGE,
            "The change takes " + bytes.length + " bytes; the group takes up to " + MOST_BYTES);
      }
      proposed.increment();
      Outcome outcome = attempts(sequence, bytes, end);
      if (outcome.verdict() == Verdict.CONFLICT) {
        conflicts.increment();
      }
      return outcome;
    } finally {
      open.remove(sequence);
    }
  }

  /** Open before it is counted, so that nobody can take a later number for the oldest open one. */
  private synchronized long openNext() {
    long sequence = sequences.get() + 1;
    open.add(sequence);
    sequences.set(sequence);
    return sequence;
  }

  private Outcome attempts(long sequence, byte[] bytes, long end) throws InterruptedException {
    long patience = FIRST_ATTEMPT_NANOS;
    Throwable last = null;
    for (int attempt = 0;; attempt++) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        throw unavailable(attempt == 0 ? "the group has no leader" : "the group did not answer in time", last);
      }
      Leadership.State leadership = node.leadership().now();
      if (leadership.leader() == null) {
        if (node.whyOut().isPresent()) {
          throw unavailable("this node takes no part in its group", last);
        }
        waitFor(leadership.over(), left);
        continue;
      }
      if (attempt > 0) {
        retried.increment();
      }
      CompletableFuture<byte[]> answer = node.propose(bytes);
      try {
        Outcome outcome = CommandCodec.decodeOutcome(sequence,
            answer.get(Math.min(left, patience), TimeUnit.NANOSECONDS));
        if (outcome != null) {
          return outcome;
        }
      } catch (TimeoutException e) {
        // Its entry may still be on the way, so the next attempt waits longer rather than add to the load.
        patience *= 2;
        last = e;
      } catch (ExecutionException | CancellationException e) {
        last = e;
        // Whoever leads may just be unaware of it, or the queue is full: not at once again, unless leadership moves.
        waitFor(leadership.over(), Math.min(left, PAUSE_NANOS));
      } finally {
        answer.cancel(false);
      }
    }
  }

  private static void waitFor(CompletableFuture<Void> event, long nanos) throws InterruptedException {
    try {
      event.get(nanos, TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException e) {
      return;
    }
  }

  private static SessionStoreException unavailable(String why, @Nullable Throwable cause) {
    return new SessionStoreException(
        Reason.UNAVAILABLE,
        "The change is not known to be done: " + why,
        cause == null ? new IllegalStateException(why) : cause);
  }
}
