package dev.statecraft.session.affinity;

import dev.statecraft.session.AttributeCodec;
import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.SessionStoreException.Reason;
import dev.statecraft.session.SessionStoreStatus;
import dev.statecraft.session.UnreadableAttributeException;
import dev.statecraft.session.affinity.StoredSession.Written;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.session.SessionRepository;

/**
 * Sessions in the memory of this node. A session is read and changed atomically, so it is linearizable while this node
 * lives; the node's death loses it. Attribute values are shared between requests, not copied: they must be immutable.
 *
 * <p>Bounded: a session beyond the bound is refused, and no live one is ever evicted. Thread-safe; blocks on nothing
 * but another save of the same session.
 */
final class AffinitySessionRepository implements SessionRepository<AffinitySession>, SessionStoreStatus {
  private static final Logger LOG = LoggerFactory.getLogger(AffinitySessionRepository.class);
  private static final Duration SWEEP_EVERY = Duration.ofMinutes(1);
  private static final Duration SWEEP_WHEN_FULL_EVERY = Duration.ofSeconds(1);

  private final Duration timeout;
  private final InstantSource time;
  private final AttributeCodec codec;
  private final int maximumSessions;
  private final Semaphore places;
  private final ConcurrentMap<String, StoredSession> byId = new ConcurrentHashMap<>();
  private final AtomicReference<Instant> swept;
  private volatile Predicate<String> fetch = id -> false;

  AffinitySessionRepository(Duration timeout, int maximumSessions, AttributeCodec codec, InstantSource time) {
    this.timeout = timeout;
    this.codec = codec;
    this.time = time;
    this.maximumSessions = maximumSessions;
    this.places = new Semaphore(maximumSessions);
    this.swept = new AtomicReference<>(time.instant());
  }

  @Override
  public AffinitySession createSession() {
    return new AffinitySession(time, timeout);
  }

  /**
   * Says how to bring a session here that is asked for and missing.
   *
   * @param bring tells whether the session of an id is here now
   */
  void missing(Predicate<String> bring) {
    fetch = bring;
  }

  @Override
  public @Nullable AffinitySession findById(String id) {
    AffinitySession here = find(id);
    if (here != null) {
      return here;
    }
    // Whether it was fetched or given meanwhile.
    boolean _ = fetch.test(id);
    return find(id);
  }

  private @Nullable AffinitySession find(String id) {
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

  /** Ids of the sessions that are held now. */
  List<String> ids() {
    return List.copyOf(byId.keySet());
  }

  /**
   * Gives sessions away. Nobody reads or changes them meanwhile.
   *
   * @param ids of sessions that may be held here
   * @param give takes those that are, and says which of them are elsewhere now; the others stay
   * @return ids of those that went
   */
  Set<String> moveAway(List<String> ids, Function<List<MovingSession>, Set<String>> give) {
    List<StoredSession> held = ids.stream().map(byId::get).filter(Objects::nonNull).distinct()
        .sorted(Comparator.comparingLong(stored -> stored.order)).toList();
    Set<String> went = new HashSet<>();
    locked(held, 0, () -> {
      List<MovingSession> moving = new ArrayList<>();
      for (StoredSession stored : held) {
        if (!stored.dead && !stored.expiredAt(time.instant())) {
          pack(stored).ifPresent(moving::add);
        }
      }
      if (moving.isEmpty()) {
        return;
      }
      went.addAll(give.apply(moving));
      for (StoredSession stored : held) {
        if (went.contains(stored.id)) {
          stored.moved = true;
          remove(stored);
        }
      }
    });
    return went;
  }

  /**
   * Runs while the monitors of all of them are held. All callers take them in one order, so no two wait for each other.
   */
  private static void locked(List<StoredSession> held, int from, Runnable action) {
    if (from == held.size()) {
      action.run();
      return;
    }
    synchronized (held.get(from)) {
      locked(held, from + 1, action);
    }
  }

  private Optional<MovingSession> pack(StoredSession stored) {
    Map<String, byte[]> attributes = new HashMap<>();
    try {
      stored.attributes.forEach((name, written) -> attributes.put(name, codec.encode(written.value)));
    } catch (IllegalArgumentException e) {
      LOG.error("A session cannot move to another node: {}", e.getMessage());
      return Optional.empty();
    }
    return Optional.of(
        new MovingSession(stored.id, stored.created, stored.lastAccessed, stored.timeout, attributes));
  }

  /** Holds a session that another node gave; false where there is no room or it cannot be read. */
  boolean accept(MovingSession moving) {
    Map<String, Written> attributes = new HashMap<>();
    try {
      moving.attributes().forEach((name, json) -> attributes.put(name, new Written(codec.decode(json))));
    } catch (UnreadableAttributeException e) {
      LOG.error("A session of another node cannot be read", e);
      return false;
    }
    if (!places.tryAcquire()) {
      return false;
    }
    if (byId.putIfAbsent(moving.id(), new StoredSession(moving, attributes)) != null) {
      // Given before, and the answer was lost: what happened to it here since is newer.
      places.release();
    }
    return true;
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
        if (changesState && stored.moved) {
          throw new SessionStoreException(Reason.UNAVAILABLE,
              "The session has moved to another node; nothing was changed");
        }
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
