package dev.statecraft.session.replicated;

import dev.statecraft.session.AttributeCodec;
import dev.statecraft.session.KeyRingConfiguration;
import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.SessionStoreException.Reason;
import dev.statecraft.session.replicated.Command.Barrier;
import dev.statecraft.session.replicated.Command.Delete;
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
 * Sessions that the group agrees on. Every node answers reads from its own memory, as new as {@link Reads} asks; every
 * change goes through the log. Thread-safe; blocks the calling thread, which should be a virtual one, up to the
 * deadline.
 */
final class ReplicatedSessionRepository implements SessionRepository<ReplicatedSession> {
  private final RaftNode node;
  private final Proposals proposals;
  private final Touches touches;
  private final ReadBarrier barrier;
  private final Signer signer;
  private final AttributeCodec codec;
  private final InstantSource time;
  private final Settings settings;
  private final Counter waited;

  /**
   * How it behaves.
   *
   * @param timeout of new sessions
   * @param deadline of one operation
   */
  record Settings(Reads reads, Duration timeout, Duration deadline) {}

  ReplicatedSessionRepository(
      RaftNode node, Proposals proposals, Touches touches, KeyRing keys, AttributeCodec codec, InstantSource time,
      Settings settings, MeterRegistry meters) {
    this.node = node;
    this.proposals = proposals;
    this.touches = touches;
    signer = keys.signer(KeyRingConfiguration.SIGNING_PURPOSE);
    this.codec = codec;
    this.time = time;
    this.settings = settings;
    barrier = new ReadBarrier(() -> proposals.carryOut(new Barrier()).index());
    waited = Counter
        .builder("statecraft.session.replicated.waited")
        .description("Reads for which this node had to apply more of the log first")
        .register(meters);
  }

  @Override
  public ReplicatedSession createSession() {
    return new ReplicatedSession(time, codec, this::sign, settings.timeout());
  }

  /** Null where the token is not one that the group gave, or opens nothing any more. */
  @Override
  public @Nullable ReplicatedSession findById(String id) {
    Optional<SessionToken> token = SessionToken.verify(signer, group(), id);
    if (token.isEmpty()) {
      return null;
    }
    if (node.whyOut().isPresent()) {
      // Its memory is no longer kept up with the group's.
      throw new SessionStoreException(Reason.UNAVAILABLE, "This node takes no part in its group");
    }
    long seen = token.get().index();
    awaitFresh(seen);
    SessionRecord record = node.sessions().find(token.get().id());
    if (record == null) {
      return null;
    }
    long lastAccess = touches.lastAccess(record);
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
        touches.note(record, session.getLastAccessedTime().toEpochMilli());
      }
      return;
    }
    try {
      Command command = session.command();
      Outcome outcome = proposals.carryOut(command);
      switch (outcome.verdict()) {
        case DONE -> {
          // So that a request without the new token, such as one with the old id, finds this node as new as the answer.
          awaitOwn(outcome.index());
          session.saved(command, outcome.index());
        }
        case CONFLICT -> throw new SessionStoreException(
            Reason.CONFLICT,
            "Another request changed the same of this session first");
        case GONE -> throw new SessionStoreException(Reason.CONFLICT, "The session was ended by another request");
        case STALE -> throw new SessionStoreException(
            Reason.UNAVAILABLE,
            "The change is not known to be done: this node lags too far behind the group");
      }
    } finally {
      session.discardChanges();
    }
  }

  @Override
  public void deleteById(String id) {
    SessionToken.verify(signer, group(), id).ifPresent(token -> {
      Outcome outcome = proposals.carryOut(new Delete(token.id()));
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
      throw new SessionStoreException(Reason.UNAVAILABLE, "No majority has confirmed what is newest in time", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SessionStoreException(Reason.UNAVAILABLE, "The request was interrupted", e);
    }
  }

  private void awaitApplied(long index, long end) {
    if (node.applied().value() >= index) {
      return;
    }
    waited.increment();
    if (!Waiting.reached(node.applied(), index, end - System.nanoTime())) {
      throw new SessionStoreException(
          Reason.UNAVAILABLE,
          "This node has not caught up in time with what the session's user has seen already");
    }
  }

  private void awaitOwn(long index) {
    // Without success too: the change is acknowledged, and the token that carries its index makes the next read wait.
    var _ = Waiting.reached(node.applied(), index, settings.deadline().toNanos());
  }
}
