package dev.statecraft.session.replicated;

import dev.statecraft.session.KeyRingConfiguration;
import dev.statecraft.session.SessionStoreContext;
import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.SessionStoreException.Reason;
import dev.statecraft.session.attribute.StoredAttribute;
import dev.statecraft.session.replicated.Command.Access;
import dev.statecraft.session.replicated.Command.Barrier;
import dev.statecraft.session.replicated.Command.Delete;
import dev.statecraft.session.replicated.consensus.ConsensusNode;
import dev.statecraft.signing.KeyRing;
import dev.statecraft.signing.Signer;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;

/**
 * Sessions in a replicated log. Every node serves reads from its own memory, as fresh as {@link Reads} asks; every
 * change goes through the log. Thread-safe; blocks the calling thread, which should be virtual, up to the deadline.
 */
final class ReplicatedSessionRepository implements FindByIndexNameSessionRepository<ReplicatedSession> {
  /** How often a logout follows an id that other requests keep changing. */
  private static final int MAX_MOVES = 8;
  /** Most sessions of one user that are found. */
  private static final int MAX_SESSIONS_OF_USER = 10_000;

  private final ConsensusNode node;
  private final Sessions sessions;
  private final CommandProposer proposer;
  private final LastAccessTracker lastAccesses;
  private final ReadBarrier barrier;
  private final Signer signer;
  private final SessionStoreContext context;
  private final Settings settings;
  private final Counter waited;

  /**
   * Settings of the repository.
   *
   * @param deadline of one operation
   */
  record Settings(Reads reads, Duration deadline) {}

  ReplicatedSessionRepository(
      ConsensusNode node, Sessions sessions, CommandProposer proposer, LastAccessTracker lastAccesses, KeyRing keys,
      SessionStoreContext context, Settings settings, MeterRegistry meters) {
    this.node = node;
    this.sessions = sessions;
    this.proposer = proposer;
    this.lastAccesses = lastAccesses;
    signer = keys.signer(KeyRingConfiguration.SIGNING_PURPOSE);
    this.context = context;
    this.settings = settings;
    barrier = new ReadBarrier(() -> proposer.propose(new Barrier()).index());
    waited = Counter
        .builder("statecraft.session.replicated.waited")
        .description("Reads that waited until this node had applied more of the log")
        .register(meters);
  }

  @Override
  public ReplicatedSession createSession() {
    return new ReplicatedSession(context, this::sign);
  }

  /** Null if the group did not issue the token, or the session has ended. */
  @Override
  public @Nullable ReplicatedSession findById(String id) {
    Optional<SessionToken> token = SessionToken.verify(signer, group(), id);
    if (token.isEmpty()) {
      return null;
    }
    rejectIfExcluded();
    long seen = token.get().index();
    awaitFresh(seen);
    SessionRecord record = sessions.find(token.get().id());
    return record == null ? null : open(record, seen);
  }

  private void rejectIfExcluded() {
    if (node.excludedReason().isPresent()) {
      // Its memory no longer follows the group's log.
      throw new SessionStoreException(Reason.UNAVAILABLE, "This node has left its group or was rejected");
    }
  }

  /** Null if the session has expired, or must end because this node cannot read it. */
  private @Nullable ReplicatedSession open(SessionRecord record, long seen) {
    long lastAccess = lastAccesses.lastAccess(record);
    if (record.expiredAt(context.time().millis(), lastAccess)) {
      return null;
    }
    Optional<Map<String, StoredAttribute>> attributes = context.attributes().read(record.encodedAttributes());
    if (attributes.isEmpty()) {
      var _ = proposer.propose(new Delete(record.id()));
      return null;
    }
    return new ReplicatedSession(context, this::sign, record, attributes.get(), seen, lastAccess);
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
      boolean isNew = session.isUnsaved();
      Command command = session.command();
      Outcome outcome = proposer.propose(command);
      switch (outcome.verdict()) {
        case DONE -> {
          // A next request without the new token, such as one with the old id, then finds this change on this node.
          awaitOwn(outcome.index());
          session.saved(command, outcome.index());
          if (isNew) {
            context.events().created(session);
          }
        }
        case CONFLICT -> throw new SessionStoreException(
            Reason.CONFLICT,
            "Another request changed the same attribute first");
        case GONE -> throw new SessionStoreException(Reason.CONFLICT, "The session was ended by another request");
        case STALE -> throw outcomeUnknown();
      }
    } finally {
      // After success and after failure: Spring Session saves once more at the end of the request.
      session.discardChanges();
    }
  }

  /** Deletes the session, also if a concurrent request has just given it another id. */
  @Override
  public void deleteById(String id) {
    Optional<SessionToken> token = SessionToken.verify(signer, group(), id);
    if (token.isEmpty()) {
      return;
    }
    String current = token.get().id();
    for (int moves = 0; moves < MAX_MOVES; moves++) {
      SessionRecord record = sessions.find(current);
      Outcome outcome = proposer.propose(new Delete(current));
      awaitOwn(outcome.index());
      switch (outcome.verdict()) {
        case DONE -> {
          if (record != null) {
            publish(record, context.events()::deleted);
          }
          return;
        }
        case STALE -> throw outcomeUnknown();
        case CONFLICT, GONE -> {
          Value oldId = Value.ofText(current);
          List<Access> moved = sessions.pick(each -> each.has(SessionRecord.PREVIOUS_ID, oldId), 1);
          if (moved.isEmpty()) {
            return;
          }
          current = moved.getFirst().id();
        }
      }
    }
    throw new SessionStoreException(Reason.CONFLICT, "Other requests keep changing the id of the session; repeat");
  }

  /** Tells the application that a session has expired and is removed. */
  void expired(SessionRecord record) {
    publish(record, context.events()::expired);
  }

  private void publish(SessionRecord record, Consumer<Session> event) {
    try {
      context.attributes().read(record.encodedAttributes())
          .map(attributes -> new ReplicatedSession(
              context, this::sign, record, attributes, record.changed(), record.lastAccessed()))
          .ifPresent(event);
    } catch (SessionStoreException unreadable) {
      // Nobody can be told about a session that cannot be read.
      return;
    }
  }

  /** Finds the sessions of a user. Guarantee: every session that any node has saved before is found. */
  @Override
  public Map<String, ReplicatedSession> findByIndexNameAndIndexValue(String indexName, String indexValue) {
    if (!PRINCIPAL_NAME_INDEX_NAME.equals(indexName)) {
      return Map.of();
    }
    rejectIfExcluded();
    long end = System.nanoTime() + settings.deadline().toNanos();
    awaitApplied(barrier(end), end);
    Value principal = Value.ofText(indexValue);
    Map<String, ReplicatedSession> found = new HashMap<>();
    for (Access access : sessions.pick(
        record -> record.has(SessionRecord.PRINCIPAL, principal), MAX_SESSIONS_OF_USER)) {
      SessionRecord record = sessions.find(access.id());
      ReplicatedSession session = record == null ? null : open(record, record.changed());
      if (session != null && indexValue.equals(session.principal())) {
        found.put(session.getId(), session);
      }
    }
    return found;
  }

  private static SessionStoreException outcomeUnknown() {
    return new SessionStoreException(
        Reason.UNAVAILABLE,
        "The outcome of the change is unknown: this node lags too far behind the group");
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
      throw new SessionStoreException(
          Reason.UNAVAILABLE,
          "This node did not apply the changes that the user has seen within the deadline");
    }
  }

  private void awaitOwn(long index) {
    // The change is acknowledged even if this times out: its index in the token makes the next read wait.
    var _ = node.awaitApplied(index, settings.deadline());
  }
}
