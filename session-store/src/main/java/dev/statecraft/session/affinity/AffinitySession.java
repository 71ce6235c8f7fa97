package dev.statecraft.session.affinity;

import dev.statecraft.session.ChangeTrackingSession;
import dev.statecraft.session.SessionStoreContext;
import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.SessionStoreException.Reason;
import dev.statecraft.session.attribute.StoredAttribute;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One request's view of a {@link StoredSession}. */
final class AffinitySession extends ChangeTrackingSession {
  /** Null until a new session has been saved. */
  private @Nullable StoredSession stored;

  /** Makes a new session. */
  AffinitySession(SessionStoreContext context) {
    super(context);
  }

  /** Makes the view of a stored session. */
  AffinitySession(
      SessionStoreContext context, StoredSession stored, String id, Instant created, Instant lastAccessed,
      Duration timeout, Map<String, StoredAttribute> attributes) {
    super(context, id, created, lastAccessed, timeout, attributes);
    this.stored = stored;
  }

  @Nullable
  StoredSession stored() {
    return stored;
  }

  /** Every access is saved, because it costs no message. */
  boolean isChanged() {
    return changesState() || hasNewAccess();
  }

  /** Each change makes a new object, so identity detects conflicts. */
  void rejectConflicts(Map<String, StoredAttribute> current) {
    attributeChanges().forEach((name, _) -> {
      if (current.get(name) != storedAttributes().get(name)) {
        throw new SessionStoreException(
            Reason.CONFLICT,
            "Another request changed '" + name + "' of this session first; read it again, then repeat");
      }
    });
  }

  Map<String, StoredAttribute> appliedTo(Map<String, StoredAttribute> current) {
    return attributeChanges().isEmpty()
        ? current
        : attributeChanges().appliedTo(current, StoredAttribute::withoutEncoding);
  }

  boolean changesUser() {
    return changesPrincipal();
  }

  Duration timeoutOver(Duration current) {
    return changesTimeout() ? getMaxInactiveInterval() : current;
  }

  void markStored(StoredSession current) {
    stored = current;
    markSaved();
  }
}
