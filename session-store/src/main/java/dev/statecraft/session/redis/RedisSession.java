package dev.statecraft.session.redis;

import dev.statecraft.session.ChangeTrackingSession;
import dev.statecraft.session.SessionStoreContext;
import dev.statecraft.session.attribute.StoredAttribute;
import dev.statecraft.session.redis.SessionHash.Change;
import dev.statecraft.session.redis.SessionHash.Read;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A session with the revision of each attribute that the request read, so that a save can detect conflicts. */
final class RedisSession extends ChangeTrackingSession {
  private Map<String, Long> revisions;
  private boolean rejected;

  /** Makes a new session. */
  RedisSession(SessionStoreContext context) {
    super(context);
    revisions = Map.of();
  }

  /** Makes the view of a stored session. */
  RedisSession(SessionStoreContext context, String id, Read read, Map<String, StoredAttribute> attributes) {
    super(context, id, read.created(), read.lastAccessed(), read.timeout(), attributes);
    revisions = read.revisions();
  }

  /** After a rejected save the same request saves nothing more: Redis is probably still unavailable. */
  boolean needsSave() {
    return !rejected && (changesState() || isAccessDue());
  }

  /** Tells whether the session must be put into the index of all sessions. */
  boolean changesExpiration() {
    return isUnsaved() || changesId() || changesTimeout();
  }

  /** Tells whether the session must be put into the index of its user, in which it would otherwise expire. */
  boolean changesPrincipalEntry() {
    return changesExpiration() || changesPrincipal() || isAccessDue();
  }

  @Nullable
  String principalBefore() {
    return storedPrincipal();
  }

  /** The changed attributes, each with the revision that the request read. */
  List<Change> changes() {
    List<Change> result = new ArrayList<>();
    attributeChanges().forEach(
        (name, value) -> result.add(new Change(name, revisions.getOrDefault(name, 0L), value)));
    return result;
  }

  /** The timeout if the save must write it, otherwise null. */
  @Nullable
  Duration timeoutToSave() {
    return isUnsaved() || changesTimeout() ? getMaxInactiveInterval() : null;
  }

  void markStored(long revision) {
    revisions = attributeChanges().appliedTo(revisions, _ -> revision);
    markSaved();
  }

  void markRejected() {
    rejected = true;
    discardChanges();
  }

  /** The new id is in the same slot of a Redis Cluster. */
  @Override
  protected String generateId() {
    return RedisKeys.newId(currentId());
  }
}
