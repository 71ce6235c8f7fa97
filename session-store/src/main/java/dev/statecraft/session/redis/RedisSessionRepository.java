package dev.statecraft.session.redis;

import dev.statecraft.session.SessionStoreContext;
import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.SessionStoreException.Reason;
import dev.statecraft.session.attribute.UnreadableAttributeException;
import dev.statecraft.session.redis.SessionHash.Read;
import dev.statecraft.session.redisclient.ConnectionMonitor;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.session.FindByIndexNameSessionRepository;

/**
 * Sessions in Redis. A read is one round trip; a write is one script, which Redis runs atomically. It writes nothing if
 * another request deleted or renamed the session, never moves the last access back, and sets the expiry of the key.
 * With {@link WriteMode#COMPARE_AND_SET} it also refuses a change if another request changed the same attribute first:
 * optimistic concurrency control per attribute (H. T. Kung, J. T. Robinson, <em>On Optimistic Methods for Concurrency
 * Control</em>, TODS 1981).
 *
 * <p>Thread-safe. Each call waits at most for the command timeout of the connection; a login takes two or three.
 */
final class RedisSessionRepository implements FindByIndexNameSessionRepository<RedisSession> {
  private static final Logger log = LoggerFactory.getLogger(RedisSessionRepository.class);
  /** How often a logout follows an id that other requests keep changing. */
  private static final int MAX_MOVES = 8;
  private static final int MAX_SWEEP_BATCHES = 50;

  /** Answers of the script when it has written nothing. */
  private static final Set<String> REJECTIONS = Set.of("gone", "taken", "conflict");

  private final SessionStoreContext context;
  private final RedisScripts scripts;
  private final RedisKeys keys;
  private final SessionIndexes indexes;
  private final WriteMode mode;
  private final ReplicaAcknowledgement acknowledgement;
  private final ConnectionMonitor connectionMonitor;

  RedisSessionRepository(SessionStoreContext context, RedisScripts scripts, WriteMode mode,
      ReplicaAcknowledgement acknowledgement, ConnectionMonitor connectionMonitor) {
    this.context = context;
    this.scripts = scripts;
    this.mode = mode;
    this.acknowledgement = acknowledgement;
    this.connectionMonitor = connectionMonitor;
    keys = new RedisKeys(context.namespace());
    indexes = new SessionIndexes(scripts, keys);
  }

  @Override
  public RedisSession createSession() {
    return new RedisSession(context);
  }

  @Override
  public @Nullable RedisSession findById(String id) {
    if (!RedisKeys.isId(id)) {
      return null;
    }
    Map<byte[], byte[]> hash = call(() -> scripts.read(keys.session(id)));
    if (hash.isEmpty()) {
      return null;
    }
    Optional<RedisSession> session = open(id, hash);
    if (session.isEmpty()) {
      List<byte[]> _ = call(() -> scripts.delete(List.of(keys.session(id), keys.moved(id)), ""));
      return null;
    }
    return session.get().isExpired() ? null : session.get();
  }

  /** Empty if the session must end, because this node cannot read it. */
  private Optional<RedisSession> open(String id, Map<byte[], byte[]> hash) {
    Read read;
    try {
      read = SessionHash.read(hash);
    } catch (UnreadableAttributeException e) {
      log.warn("Session in Redis is damaged and ends: {}", e.getMessage());
      return Optional.empty();
    }
    return context.attributes().read(read.attributes())
        .map(attributes -> new RedisSession(context, id, read, attributes));
  }

  @Override
  public void save(RedisSession session) {
    if (!session.needsSave()) {
      return;
    }
    boolean saved = false;
    try {
      saved = call(() -> write(session));
    } finally {
      if (!saved) {
        session.markRejected();
      }
    }
  }

  /** Returns false if a save that changes no state found no session. */
  private boolean write(RedisSession session) {
    boolean isNew = session.isUnsaved();
    String oldId = session.storedId();
    String id = session.getId();
    String principal = session.changesPrincipalEntry() ? session.principal() : null;
    String oldPrincipal = session.changesPrincipalEntry() ? session.principalBefore() : null;
    // The indexes first: an entry without a session does no harm, a session without an entry would be missed.
    if (session.changesExpiration()) {
      indexes.addExpiration(id, session.getMaxInactiveInterval());
    }
    if (principal != null) {
      indexes.addToPrincipal(principal, id, session.getMaxInactiveInterval());
    }
    byte[][] arguments = SessionHash.write(session, mode != WriteMode.LAST_WRITE_WINS, context.codec(), keys);
    Supplier<String> change = () -> scripts.write(SessionHash.writtenKeys(session), arguments);
    // A lost last access is acceptable.
    String answer = session.changesState() ? acknowledgement.write(scripts.template(), change) : change.get();
    if (REJECTIONS.contains(answer) && !oldId.equals(id)) {
      indexes.removeExpiration(id);
    }
    switch (answer) {
      case "gone" -> {
        if (session.changesState()) {
          throw new SessionStoreException(Reason.CONFLICT,
              "Another request deleted or renamed the session; read it again, then repeat");
        }
        return false;
      }
      case "taken", "conflict" -> throw new SessionStoreException(
          Reason.CONFLICT,
          "Another request changed the same attribute of this session first; read it again, then repeat");
      default -> session.markStored(Long.parseLong(answer));
    }
    if (oldPrincipal != null && !(oldPrincipal.equals(principal) && oldId.equals(id))) {
      indexes.removeFromPrincipal(oldPrincipal, oldId);
    }
    if (!oldId.equals(id)) {
      indexes.removeExpiration(oldId);
    }
    if (isNew) {
      context.events().created(session);
    }
    return true;
  }

  /** Deletes the session, also if a concurrent request has just given it another id. */
  @Override
  public void deleteById(String id) {
    String current = id;
    for (int moves = 0; moves < MAX_MOVES && RedisKeys.isId(current); moves++) {
      String deleted = current;
      List<byte[]> result = call(() -> acknowledgement.write(
          scripts.template(), () -> scripts.delete(List.of(keys.session(deleted), keys.moved(deleted)), "")));
      if (result.size() != 1) {
        open(deleted, result).ifPresent(session -> {
          removeFromIndexes(session);
          context.events().deleted(session);
        });
        return;
      }
      current = new String(result.getFirst(), StandardCharsets.UTF_8);
    }
    if (RedisKeys.isId(current)) {
      throw new SessionStoreException(Reason.CONFLICT, "Other requests keep changing the id of the session; repeat");
    }
  }

  /** Ends sessions whose time is over. Called periodically by every node; of several nodes one gets each session. */
  void removeExpired() {
    for (int batch = 0; batch < MAX_SWEEP_BATCHES; batch++) {
      List<String> due = call(indexes::takeDue);
      if (due.isEmpty()) {
        return;
      }
      due.forEach(this::endIfExpired);
    }
  }

  /** By the clock of Redis: a node whose clock is wrong must not end the sessions of the others. */
  private void endIfExpired(String id) {
    Long keyMillis = call(() -> scripts.template().getExpire(keys.session(id), TimeUnit.MILLISECONDS));
    long millis = keyMillis == null ? 0 : keyMillis - SessionHash.GRACE.toMillis();
    if (millis > 0) {
      // It was used since it was added.
      indexes.addExpiration(id, Duration.ofMillis(millis));
      return;
    }
    List<byte[]> fields = call(() -> scripts.delete(
        List.of(keys.session(id), keys.moved(id)), Long.toString(SessionHash.GRACE.toMillis())));
    open(id, fields).ifPresent(session -> {
      removeFromIndexes(session);
      context.events().expired(session);
    });
  }

  SessionIndexes indexes() {
    return indexes;
  }

  /** The entry of the user, too, although it would expire: a user's list of sessions should not show ended ones. */
  private void removeFromIndexes(RedisSession session) {
    indexes.removeExpiration(session.getId());
    String principal = session.principalBefore();
    if (principal != null) {
      indexes.removeFromPrincipal(principal, session.getId());
    }
  }

  private Optional<RedisSession> open(String id, List<byte[]> fields) {
    IdentityHashMap<byte[], byte[]> hash = new IdentityHashMap<>();
    for (int i = 0; i + 1 < fields.size(); i += 2) {
      hash.put(fields.get(i), fields.get(i + 1));
    }
    try {
      return hash.isEmpty() ? Optional.empty() : open(id, hash);
    } catch (SessionStoreException unreadable) {
      return Optional.empty();
    }
  }

  /** Finds the sessions of a user. Guarantee: every session that was saved before is found. */
  @Override
  public Map<String, RedisSession> findByIndexNameAndIndexValue(String indexName, String indexValue) {
    if (!PRINCIPAL_NAME_INDEX_NAME.equals(indexName)) {
      return Map.of();
    }
    Map<String, RedisSession> found = new HashMap<>();
    for (String id : call(() -> indexes.ofPrincipal(indexValue))) {
      RedisSession session = findById(id);
      if (session != null && indexValue.equals(session.principal())) {
        found.put(id, session);
      }
    }
    return found;
  }

  private <T> T call(Supplier<T> operation) {
    try {
      return operation.get();
    } catch (DataAccessException | IllegalStateException e) {
      connectionMonitor.onFailure(e);
      throw new SessionStoreException(Reason.UNAVAILABLE, "Redis did not answer in time or refused the command", e);
    }
  }
}
