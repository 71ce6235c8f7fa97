package dev.statecraft.session.affinity;

import dev.statecraft.session.ChangeTrackingSession;
import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.SessionStoreException.Reason;
import dev.statecraft.session.affinity.StoredSession.AttributeVersion;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One request's view of a {@link StoredSession}. */
final class AffinitySession extends ChangeTrackingSession {
  /** Null until a new session has been saved. */
  private @Nullable StoredSession stored;
  private Map<String, AttributeVersion> attributes;

  /** Makes a new session. */
  AffinitySession(InstantSource time, Duration timeout) {
    super(time, timeout);
    attributes = Map.of();
  }

  /** Makes the view of a stored session. */
  AffinitySession(InstantSource time, StoredSession stored, String id, Instant created, Instant lastAccessed,
      Duration timeout, Map<String, AttributeVersion> attributes) {
    super(time, id, created, lastAccessed, timeout);
    this.stored = stored;
    this.attributes = attributes;
  }

  @Nullable
  StoredSession stored() {
    return stored;
  }

  /** Every access is saved, because it costs no message. */
  boolean isChanged() {
    return changesState() || isAccessDue(Duration.ZERO);
  }

  void rejectConflicts(Map<String, AttributeVersion> current) {
    for (String name : attributeChanges().names()) {
      if (current.get(name) != attributes.get(name)) {
        throw new SessionStoreException(Reason.CONFLICT,
            "Another request changed '" + name + "' of this session first; read it again, then repeat");
      }
    }
  }

  Map<String, AttributeVersion> appliedTo(Map<String, AttributeVersion> current) {
    return attributeChanges().isEmpty() ? current : attributeChanges().appliedTo(current, AttributeVersion::new);
  }

  Duration timeoutOver(Duration current) {
    return changesTimeout() ? getMaxInactiveInterval() : current;
  }

  void markStored(StoredSession current) {
    stored = current;
    attributes = current.attributes();
    markSaved();
  }

  @Override
  protected @Nullable Object storedAttribute(String name) {
    AttributeVersion version = attributes.get(name);
    return version == null ? null : version.value;
  }

  @Override
  protected Set<String> storedAttributeNames() {
    return attributes.keySet();
  }
}
