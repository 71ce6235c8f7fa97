package dev.statecraft.session.redis;

import dev.statecraft.session.ChangeTrackingSession;
import dev.statecraft.session.redis.VersionedHash.Change;
import dev.statecraft.session.redis.VersionedHash.Read;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A session with the revision of each attribute that the request read, so that a save can detect conflicts. */
final class VersionedSession extends ChangeTrackingSession {
  private final Duration persistInterval;
  private Map<String, Object> attributes;
  private Map<String, Long> revisions;
  private boolean rejected;

  /** Makes a new session. */
  VersionedSession(InstantSource time, Duration timeout, Duration persistInterval) {
    super(time, timeout);
    this.persistInterval = persistInterval;
    attributes = Map.of();
    revisions = Map.of();
  }

  /** Makes the view of a stored session. */
  VersionedSession(InstantSource time, String id, Read read, Duration persistInterval) {
    super(time, id, read.created(), read.lastAccessed(), read.timeout());
    this.persistInterval = persistInterval;
    attributes = read.attributes();
    revisions = read.revisions();
  }

  /** After a rejected save the same request saves nothing more: Redis is probably still unavailable. */
  boolean needsSave() {
    return !rejected && (changesState() || isAccessDue(persistInterval));
  }

  /** The changed attributes, each with the revision that the request read. */
  List<Change> changes() {
    List<Change> result = new ArrayList<>();
    attributeChanges().forEach((name, value) -> result.add(new Change(name, revisions.getOrDefault(name, 0L), value)));
    return result;
  }

  /** The timeout if the save must write it, otherwise null. */
  @Nullable
  Duration timeoutToSave() {
    return isUnsaved() || changesTimeout() ? getMaxInactiveInterval() : null;
  }

  /**
   * Applies this request's changes to what it had read, not to what is stored now: the request has not seen changes of
   * other requests in between, so its next change of such an attribute must conflict.
   */
  void markStored(long revision) {
    attributes = attributeChanges().appliedTo(attributes, value -> value);
    revisions = attributeChanges().appliedTo(revisions, _ -> revision);
    markSaved();
  }

  void markRejected() {
    rejected = true;
    discardChanges();
  }

  @Override
  protected @Nullable Object storedAttribute(String name) {
    return attributes.get(name);
  }

  @Override
  protected Set<String> storedAttributeNames() {
    return attributes.keySet();
  }
}
