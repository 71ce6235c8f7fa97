package dev.statecraft.session.affinity;

import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.SessionStoreException.Reason;
import dev.statecraft.session.SessionStoreStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.session.SessionRepository;

/**
 * Sessions in the memory of this node. A session is read and changed atomically, so it is linearizable while this node
 * lives; the node's death loses it. Attribute values are shared between requests, not copied: they must be immutable.
 *
 * <p>Bounded: a session beyond the bound is refused, and no live one is ever evicted. Thread-safe; blocks on nothing but
 * another save of the same session.
 */
final class AffinitySessionRepository implements SessionRepository<AffinitySession>, SessionStoreStatus {
  private static final Duration SWEEP_EVERY = Duration.ofMinutes(1);
  private static final Duration SWEEP_WHEN_FULL_EVERY = Duration.ofSeconds(1);

  private final Duration timeout;
  private final InstantSource time;
  private final int maximumSessions;
  private final Semaphore places;
  private final ConcurrentMap<String, StoredSession> byId = new ConcurrentHashMap<>();
  private final AtomicReference<Instant> swept;

  AffinitySessionRepository(Duration timeout, int maximumSessions, InstantSource time) {
    this.timeout = timeout;
    this.time = time;
    this.maximumSessions = maximumSessions;
    this.places = new Semaphore(maximumSessions);
    this.swept = new AtomicReference<>(time.instant());
  }

  @Override
  public AffinitySession createSession() {
    return new AffinitySession(time, timeout);
  }

  @Override
  public @Nullable AffinitySession findById(String id) {
    StoredSession stored = byId.get(id);
    if (stored == null) {
      return null;
    }
    synchronized (stored) {
      if (stored.dead || !stored.id.equals(id)) {
        return null;
      }
      if (!stored.expiredAt(time.instant())) {
        return new AffinitySession(time, stored);
      }
      remove(stored);
      return null;
    }
  }

  @Override
  public void save(AffinitySession session) {
    if (!session.isChanged()) {
      return;
    }
    try {
      StoredSession stored = session.stored();
      if (stored == null) {
        insert(session);
      } else {
        change(stored, session);
      }
    } finally {
      // Whether it was kept or refused: Spring Session saves a second time on the way out, which must change nothing.
      session.forgetChanges();
    }
  }

  @Override
  public void deleteById(String id) {
    StoredSession stored = byId.get(id);
    if (stored != null) {
      synchronized (stored) {
        if (stored.id.equals(id)) {
          remove(stored);
        }
      }
    }
  }

  /** How many sessions are held, expired ones that were not yet reclaimed included. */
  int size() {
    return byId.size();
  }

  @Override
  public Optional<String> whyNotReady() {
    return Optional.empty();
  }

  @Override
  public Map<String, @Nullable Object> details() {
    Map<String, @Nullable Object> details = new HashMap<>();
    details.put("sessions", size());
    return details;
  }

  private void insert(AffinitySession session) {
    sweep(SWEEP_EVERY);
    if (!places.tryAcquire()) {
      sweep(SWEEP_WHEN_FULL_EVERY);
      if (!places.tryAcquire()) {
        throw new SessionStoreException(
            Reason.UNAVAILABLE,
            "This node holds all the sessions it may (" + maximumSessions + "); those that are open stay open");
      }
    }
    StoredSession stored = new StoredSession(session);
    byId.put(stored.id, stored);
    session.attachTo(stored);
  }

  private void change(StoredSession stored, AffinitySession session) {
    synchronized (stored) {
      boolean changesState = session.changesState();
      if (stored.dead) {
        if (changesState) {
          throw new SessionStoreException(Reason.CONFLICT, "The session was ended by another request");
        }
        return;
      }
      if (changesState) {
        session.refuseConflicts(stored);
      }
      session.applyTo(stored);
      if (session.changesId()) {
        byId.put(session.getId(), stored);
        byId.remove(stored.id);
        stored.id = session.getId();
      }
      session.attachTo(stored);
    }
  }

  private void remove(StoredSession stored) {
    if (!stored.dead) {
      stored.dead = true;
      byId.remove(stored.id);
      places.release();
    }
  }

  /** Reclaims what has expired, unless somebody did so lately. */
  private void sweep(Duration atMostEvery) {
    Instant now = time.instant();
    Instant last = swept.get();
    if (now.isBefore(last.plus(atMostEvery)) || !swept.compareAndSet(last, now)) {
      return;
    }
    for (StoredSession stored : byId.values()) {
      synchronized (stored) {
        if (stored.expiredAt(now)) {
          remove(stored);
        }
      }
    }
  }
}
