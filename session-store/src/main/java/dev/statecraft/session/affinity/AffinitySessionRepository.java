package dev.statecraft.session.affinity;

import dev.statecraft.session.SessionStoreContext;
import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.SessionStoreException.Reason;
import dev.statecraft.session.SessionStoreStatus;
import dev.statecraft.session.affinity.StoredSession.State;
import dev.statecraft.session.attribute.StoredAttribute;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.session.FindByIndexNameSessionRepository;
import tools.jackson.core.JacksonException;

/**
 * Sessions in the memory of this node. Each read and each change of a session is atomic, so a session is linearizable
 * while this node lives; if the node dies, its sessions are lost. Requests share attribute values, so the values must
 * be immutable.
 *
 * <p>Bounded: a new session above the limit is rejected, and a live session is never evicted. Thread-safe; blocks only
 * on another save of the same session, and on peers for a session that is not here.
 */
final class AffinitySessionRepository
    implements
      FindByIndexNameSessionRepository<AffinitySession>,
      SessionStoreStatus {
  private static final Logger log = LoggerFactory.getLogger(AffinitySessionRepository.class);
  private static final Duration SWEEP_INTERVAL = Duration.ofMinutes(1);
  private static final Duration SWEEP_INTERVAL_WHEN_FULL = Duration.ofSeconds(1);

  private final SessionStoreContext context;
  private final int maxSessions;
  private final Semaphore capacity;
  private final ConcurrentMap<String, StoredSession> byId = new ConcurrentHashMap<>();
  private final AtomicReference<Instant> lastSweep;
  private volatile RemoteSessions remote = RemoteSessions.NONE;

  /** The sessions of other nodes. */
  interface RemoteSessions {
    RemoteSessions NONE = new RemoteSessions() {
      @Override
      public boolean fetch(String id) {
        return false;
      }

      @Override
      public Collection<String> ofPrincipal(String principal) {
        return List.of();
      }
    };

    /** Moves a session to this node. Returns whether it is here now. */
    boolean fetch(String id);

    /** Returns the ids of the sessions of a user on other nodes. */
    Collection<String> ofPrincipal(String principal);
  }

  AffinitySessionRepository(SessionStoreContext context, int maxSessions) {
    this.context = context;
    this.maxSessions = maxSessions;
    this.capacity = new Semaphore(maxSessions);
    this.lastSweep = new AtomicReference<>(context.now());
  }

  @Override
  public AffinitySession createSession() {
    return new AffinitySession(context);
  }

  /** Connects this repository with those of other nodes. */
  void connect(RemoteSessions others) {
    remote = others;
  }

  @Override
  public @Nullable AffinitySession findById(String id) {
    AffinitySession local = findLocal(id);
    if (local != null) {
      return local;
    }
    // Whatever the result: a peer may have sent the session meanwhile.
    boolean _ = remote.fetch(id);
    return findLocal(id);
  }

  private @Nullable AffinitySession findLocal(String id) {
    StoredSession stored = byId.get(id);
    if (stored == null) {
      return null;
    }
    synchronized (stored) {
      if (stored.state != State.LIVE || !stored.id.equals(id)) {
        return null;
      }
      if (!stored.isExpiredAt(context.now())) {
        return stored.open(context);
      }
    }
    expire(stored);
    return null;
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
        update(stored, session);
      }
    } finally {
      session.discardChanges();
    }
  }

  /** Deletes the session, also if a concurrent request has just moved it or given it another id. */
  @Override
  public void deleteById(String id) {
    if (!deleteLocal(id)) {
      boolean _ = remote.fetch(id);
      boolean _ = deleteLocal(id);
    }
  }

  private boolean deleteLocal(String id) {
    StoredSession stored = byId.get(id);
    if (stored == null) {
      stored = byId.values().stream().filter(session -> session.hadId(id)).findFirst().orElse(null);
    }
    if (stored == null) {
      return false;
    }
    AffinitySession deleted = stored.open(context);
    if (remove(stored, State.REMOVED)) {
      context.events().deleted(deleted);
      return true;
    }
    return false;
  }

  /** Finds the sessions of a user on all nodes; those of other nodes are moved here. */
  @Override
  public Map<String, AffinitySession> findByIndexNameAndIndexValue(String indexName, String indexValue) {
    if (!PRINCIPAL_NAME_INDEX_NAME.equals(indexName)) {
      return Map.of();
    }
    Set<String> ids = new HashSet<>(remote.ofPrincipal(indexValue));
    ids.addAll(idsOf(indexValue));
    Map<String, AffinitySession> found = new HashMap<>();
    for (String id : ids) {
      AffinitySession session = findById(id);
      if (session != null && indexValue.equals(session.principal())) {
        found.put(id, session);
      }
    }
    return found;
  }

  /** Ids of the sessions of a user on this node. */
  List<String> idsOf(String principal) {
    List<String> ids = new ArrayList<>();
    byId.forEach((id, stored) -> {
      if (stored.belongsTo(principal)) {
        ids.add(id);
      }
    });
    return ids;
  }

  /** Number of sessions in memory, including expired ones that were not removed yet. */
  int size() {
    return byId.size();
  }

  /** Ids of the sessions in memory. */
  List<String> ids() {
    return List.copyOf(byId.keySet());
  }

  /**
   * Moves sessions to another node. They are locked until {@code send} returns.
   *
   * @param ids of sessions that may be here
   * @param send gets those that are here and returns the ids of those that the other node accepted; the rest stays
   * @return ids of the sessions that moved
   */
  Set<String> moveAway(List<String> ids, Function<List<MovingSession>, Set<String>> send) {
    List<StoredSession> held = ids
        .stream()
        .map(byId::get)
        .filter(Objects::nonNull)
        .distinct()
        .sorted(Comparator.comparingLong(stored -> stored.lockOrder))
        .toList();
    Set<String> moved = new HashSet<>();
    withLocks(held, 0, () -> {
      List<MovingSession> moving = held.stream().map(this::encode).flatMap(Optional::stream).toList();
      if (!moving.isEmpty()) {
        moved.addAll(send.apply(moving));
        held.forEach(stored -> removeIfMoved(stored, moved));
      }
    });
    return moved;
  }

  private static void withLocks(List<StoredSession> held, int from, Runnable action) {
    if (from == held.size()) {
      action.run();
      return;
    }
    synchronized (held.get(from)) {
      withLocks(held, from + 1, action);
    }
  }

  private void removeIfMoved(StoredSession stored, Set<String> moved) {
    synchronized (stored) {
      if (moved.contains(stored.id)) {
        boolean _ = remove(stored, State.MOVED);
      }
    }
  }

  private Optional<MovingSession> encode(StoredSession stored) {
    synchronized (stored) {
      if (stored.state != State.LIVE || stored.isExpiredAt(context.now())) {
        return Optional.empty();
      }
    }
    Map<String, byte[]> attributes = new HashMap<>();
    try {
      stored.attributes().forEach((name, attribute) -> attributes.put(name, context.codec().encode(attribute)));
    } catch (JacksonException e) {
      log.error("Session cannot move to another node and stays here: {}", e.getMessage());
      return Optional.empty();
    }
    return Optional.of(stored.toMovingSession(attributes));
  }

  /** Stores a session that another node sent. Returns false if this node is full or cannot read the session. */
  boolean accept(MovingSession moving) {
    Map<String, StoredAttribute> attributes;
    try {
      attributes = context.attributes().read(moving.attributes()).orElse(null);
    } catch (SessionStoreException e) {
      attributes = null;
    }
    if (attributes == null) {
      log.error("Session from another node rejected: set the same statecraft.session.attribute-types on all nodes");
      return false;
    }
    if (!capacity.tryAcquire()) {
      return false;
    }
    if (byId.putIfAbsent(moving.id(), new StoredSession(moving, attributes)) != null) {
      // The peer repeats a transfer whose response was lost; the session here is newer.
      capacity.release();
    }
    return true;
  }

  @Override
  public Optional<String> notReadyReason() {
    return Optional.empty();
  }

  @Override
  public Map<String, @Nullable Object> details() {
    Map<String, @Nullable Object> details = new HashMap<>();
    details.put("sessions", size());
    return details;
  }

  private void insert(AffinitySession session) {
    removeExpired(SWEEP_INTERVAL);
    if (!capacity.tryAcquire()) {
      removeExpired(SWEEP_INTERVAL_WHEN_FULL);
      if (!capacity.tryAcquire()) {
        throw new SessionStoreException(
            Reason.UNAVAILABLE,
            "This node is full: it holds its maximum of " + maxSessions + " sessions; existing sessions stay usable");
      }
    }
    StoredSession stored = new StoredSession(session);
    byId.put(session.getId(), stored);
    session.markStored(stored);
    context.events().created(session);
  }

  private void update(StoredSession stored, AffinitySession session) {
    synchronized (stored) {
      if (stored.state != State.LIVE) {
        rejectSaveOfMissing(stored.state, session.changesState());
        return;
      }
      stored.apply(session);
      if (session.changesId()) {
        byId.put(session.getId(), stored);
        byId.remove(stored.id);
        stored.changeId(session.getId());
      }
      session.markStored(stored);
    }
  }

  private static void rejectSaveOfMissing(State state, boolean changesState) {
    if (changesState) {
      throw state == State.MOVED
          ? new SessionStoreException(Reason.UNAVAILABLE, "The session moved to another node; nothing was changed")
          : new SessionStoreException(Reason.CONFLICT, "Another request deleted the session");
    }
  }

  private boolean remove(StoredSession stored, State state) {
    synchronized (stored) {
      if (stored.state != State.LIVE) {
        return false;
      }
      stored.state = state;
      byId.remove(stored.id);
      capacity.release();
      return true;
    }
  }

  /** Removes a session if it has expired and no request has used it meanwhile. */
  private void expire(StoredSession stored) {
    AffinitySession expired;
    synchronized (stored) {
      expired = stored.open(context);
      if (!stored.isExpiredAt(context.now()) || !remove(stored, State.REMOVED)) {
        return;
      }
    }
    context.events().expired(expired);
  }

  /** Removes expired sessions. Called periodically. */
  void removeExpired() {
    removeExpired(Duration.ZERO);
  }

  /** Removes expired sessions, unless another thread did so within the interval. */
  private void removeExpired(Duration interval) {
    Instant now = context.now();
    Instant last = lastSweep.get();
    if (now.isBefore(last.plus(interval)) || !lastSweep.compareAndSet(last, now)) {
      return;
    }
    byId.values().stream().filter(stored -> stored.isExpiredAt(now)).forEach(this::expire);
  }
}
