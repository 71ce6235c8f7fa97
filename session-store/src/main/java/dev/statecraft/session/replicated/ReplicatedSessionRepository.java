package dev.statecraft.session.replicated;

import dev.statecraft.session.AttributeCodec;
import dev.statecraft.session.KeyRingConfiguration;
import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.SessionStoreException.Reason;
import dev.statecraft.session.replicated.Command.Barrier;
import dev.statecraft.session.replicated.Command.Delete;
import dev.statecraft.session.replicated.consensus.ConsensusNode;
import dev.statecraft.signing.KeyRing;
import dev.statecraft.signing.Signer;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.session.SessionRepository;

/**
 * Sessions in a replicated log. Every node serves reads from its own memory, as fresh as {@link Reads} asks; every
 * change goes through the log. Thread-safe; blocks the calling thread, which should be virtual, up to the deadline.
 */
final class ReplicatedSessionRepository implements SessionRepository<ReplicatedSession> {
  private final ConsensusNode node;
  private final Sessions sessions;
  private final CommandProposer proposer;
  private final LastAccessTracker lastAccesses;
  private final ReadBarrier barrier;
  private final Signer signer;
  private final AttributeCodec codec;
  private final InstantSource time;
  private final Settings settings;
  private final Counter waited;

  /**
   * Settings of the repository.
   *
   * @param timeout of new sessions
   * @param deadline of one operation
   */
  record Settings(Reads reads, Duration timeout, Duration deadline) {}

  ReplicatedSessionRepository(ConsensusNode node, Sessions sessions, CommandProposer proposer,
      LastAccessTracker lastAccesses, KeyRing keys, AttributeCodec codec, InstantSource time, Settings settings,
      MeterRegistry meters) {
    this.node = node;
    this.sessions = sessions;
    this.proposer = proposer;
    this.lastAccesses = lastAccesses;
    signer = keys.signer(KeyRingConfiguration.SIGNING_PURPOSE);
    this.codec = codec;
    this.time = time;
    this.settings = settings;
    barrier = new ReadBarrier(() -> proposer.propose(new Barrier()).index());
    waited = Counter.builder("statecraft.session.replicated.waited")
        .description("Reads that waited until this node had applied more of the log").register(meters);
  }

  @Override
  public ReplicatedSession createSession() {
    return new ReplicatedSession(time, codec, this::sign, settings.timeout());
  }

  /** Null if the group did not issue the token, or the session has ended. */
  @Override
  public @Nullable ReplicatedSession findById(String id) {
    Optional<SessionToken> token = SessionToken.verify(signer, group(), id);
    if (token.isEmpty()) {
      return null;
    }
    if (node.excludedReason().isPresent()) {
      // Its memory no longer follows the group's log.
      throw new SessionStoreException(Reason.UNAVAILABLE, "This node has left its group or was rejected");
    }
    long seen = token.get().index();
    awaitFresh(seen);
    SessionRecord record = sessions.find(token.get().id());
    if (record == null) {
      return null;
    }
    long lastAccess = lastAccesses.lastAccess(record);
    if (record.expiredAt(time.millis(), lastAccess)) {
      return null;
    }
    return new ReplicatedSession(time, codec, this::sign, record, seen, lastAccess);
  }

  @Override
  public void save(ReplicatedSession session) {
    if (!session.changesState()) {
      SessionRecord record = session.stored();
      if (record != null) {
        lastAccesses.record(record, session.getLastAccessedTime().toEpochMilli());
      }
      return;
    }
    try {
      Command command = session.command();
      Outcome outcome = proposer.propose(command);
      switch (outcome.verdict()) {
        case DONE -> {
          // A next request without the new token, such as one with the old id, then finds this change on this node.
          awaitOwn(outcome.index());
          session.saved(command, outcome.index());
        }
        case CONFLICT ->
          throw new SessionStoreException(Reason.CONFLICT, "Another request changed the same attribute first");
        case GONE -> throw new SessionStoreException(Reason.CONFLICT, "The session was ended by another request");
        case STALE -> throw new SessionStoreException(Reason.UNAVAILABLE,
            "The outcome of the change is unknown: this node lags too far behind the group");
      }
    } finally {
      // After success and after failure: Spring Session saves once more at the end of the request.
      session.discardChanges();
    }
  }

  @Override
  public void deleteById(String id) {
    SessionToken.verify(signer, group(), id).ifPresent(token -> {
      Outcome outcome = proposer.propose(new Delete(token.id()));
      awaitOwn(outcome.index());
    });
  }

  private String sign(SessionToken token) {
    return token.sign(signer, group());
  }

  private String group() {
    return node.group()
        .orElseThrow(() -> new SessionStoreException(Reason.UNAVAILABLE, "The group is not founded yet"));
  }

  private void awaitFresh(long seen) {
    long end = System.nanoTime() + settings.deadline().toNanos();
    switch (settings.reads()) {
      case LOCAL -> {
      }
      case SESSION -> awaitApplied(seen, end);
      case LINEARIZABLE -> awaitApplied(Math.max(seen, barrier(end)), end);
    }
  }

  private long barrier(long end) {
    try {
      return barrier.await().get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException e) {
      throw new SessionStoreException(Reason.UNAVAILABLE, "No majority confirmed the read within the deadline", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SessionStoreException(Reason.UNAVAILABLE, "The request was interrupted", e);
    }
  }

  private void awaitApplied(long index, long end) {
    if (node.appliedIndex() >= index) {
      return;
    }
    waited.increment();
    if (!node.awaitApplied(index, Duration.ofNanos(end - System.nanoTime()))) {
      throw new SessionStoreException(Reason.UNAVAILABLE,
          "This node did not apply the changes that the user has seen within the deadline");
    }
  }

  private void awaitOwn(long index) {
    // The change is acknowledged even if this times out: its index in the token makes the next read wait.
    var _ = node.awaitApplied(index, settings.deadline());
  }
}
