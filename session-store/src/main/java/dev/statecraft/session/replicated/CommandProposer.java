package dev.statecraft.session.replicated;

import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.SessionStoreException.Reason;
import dev.statecraft.session.replicated.Outcome.Verdict;
import dev.statecraft.session.replicated.consensus.ConsensusNode;
import dev.statecraft.session.replicated.consensus.LeaderState;
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
 * Proposes a command so that it is applied at most once. An attempt that finds no leader, loses it or times out is
 * repeated under the same sequence number until the deadline; the state machine applies one number only once.
 *
 * <p>Thread-safe. Blocks the calling thread, which should be virtual. The number of commands in flight is bounded.
 */
final class CommandProposer {
  private static final long FIRST_ATTEMPT_TIMEOUT_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final long RETRY_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final int MAX_IN_FLIGHT = 4_096;
  /** Far below what the transport and the log can carry, far above what a session should hold. */
  static final int MAX_BYTES = 1 << 20;

  private final ConsensusNode node;
  private final long deadlineNanos;
  private final long origin = new SecureRandom().nextLong();
  private final AtomicLong sequences = new AtomicLong();
  private final ConcurrentSkipListSet<Long> open = new ConcurrentSkipListSet<>();
  private final Semaphore inFlight = new Semaphore(MAX_IN_FLIGHT);
  private final Counter proposed;
  private final Counter retried;
  private final Counter conflicts;

  CommandProposer(ConsensusNode node, Duration deadline, MeterRegistry meters) {
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
   * Proposes a command and waits for its outcome.
   *
   * @throws SessionStoreException if the command is too large, or its outcome is not known by the deadline
   */
  Outcome propose(Command command) {
    long end = System.nanoTime() + deadlineNanos;
    try {
      if (!inFlight.tryAcquire(deadlineNanos, TimeUnit.NANOSECONDS)) {
        throw unavailable("too many changes are in flight", null);
      }
      try {
        return proposeNumbered(command, end);
      } finally {
        inFlight.release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable("the request was interrupted", e);
    }
  }

  private Outcome proposeNumbered(Command command, long end) throws InterruptedException {
    long sequence = openNext();
    try {
      long oldestOpen = open.first();
      byte[] bytes = CommandCodec
          .encode(new Proposal(origin, sequence, oldestOpen, node.appliedIndex(), command));
      if (bytes.length > MAX_BYTES) {
        throw new SessionStoreException(
            Reason.TOO_LARGE,
            "The change has " + bytes.length + " bytes; the limit is " + MAX_BYTES);
      }
      proposed.increment();
      Outcome outcome = attempt(sequence, bytes, end);
      if (outcome.verdict() == Verdict.CONFLICT) {
        conflicts.increment();
      }
      return outcome;
    } finally {
      open.remove(sequence);
    }
  }

  /** Adds the number to the open ones before it is counted, so that no later number can be the oldest open one. */
  private synchronized long openNext() {
    long sequence = sequences.get() + 1;
    open.add(sequence);
    sequences.set(sequence);
    return sequence;
  }

  private Outcome attempt(long sequence, byte[] bytes, long end) throws InterruptedException {
    long timeout = FIRST_ATTEMPT_TIMEOUT_NANOS;
    Throwable last = null;
    for (int attempt = 0;; attempt++) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        throw unavailable(attempt == 0 ? "the group has no leader" : "the group did not answer in time", last);
      }
      LeaderState leader = node.leader();
      if (!leader.known()) {
        if (node.excludedReason().isPresent()) {
          throw unavailable("this node has left its group or was rejected", last);
        }
        waitFor(leader.changed(), left);
        continue;
      }
      if (attempt > 0) {
        retried.increment();
      }
      CompletableFuture<byte[]> answer = node.propose(bytes);
      try {
        Outcome outcome = CommandCodec.decodeOutcome(sequence,
            answer.get(Math.min(left, timeout), TimeUnit.NANOSECONDS));
        if (outcome != null) {
          return outcome;
        }
      } catch (TimeoutException e) {
        // The entry may still be in flight: the next attempt waits longer, so that retries do not add to the load.
        timeout *= 2;
        last = e;
      } catch (ExecutionException | CancellationException e) {
        last = e;
        // The leader may not know yet that it leads, or its queue is full: pause, unless the leader changes.
        waitFor(leader.changed(), Math.min(left, RETRY_PAUSE_NANOS));
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

  private static SessionStoreException unavailable(String reason, @Nullable Throwable cause) {
    return new SessionStoreException(
        Reason.UNAVAILABLE,
        "The outcome of the change is unknown: " + reason,
        cause == null ? new IllegalStateException(reason) : cause);
  }
}
