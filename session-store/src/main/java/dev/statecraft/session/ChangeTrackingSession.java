package dev.statecraft.session;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.session.Session;
import org.springframework.session.SessionIdGenerator;
import org.springframework.session.UuidSessionIdGenerator;

/**
 * One request's view of a session: the state that the request read, and the changes that it made. Base class of every
 * strategy's session; a strategy adds where attributes come from and how changes are saved.
 *
 * <p>Not thread-safe: like every session of Spring Session it belongs to one request.
 */
public abstract class ChangeTrackingSession implements Session {
  private static final SessionIdGenerator IDS = UuidSessionIdGenerator.getInstance();

  private final InstantSource time;
  private final Instant created;
  private final AttributeChanges changes = new AttributeChanges();
  private String id;
  private String storedId;
  private Instant lastAccessed;
  private Instant storedLastAccessed;
  private Duration timeout;
  private Duration storedTimeout;
  private boolean accessed;
  private boolean timeoutChanged;
  private boolean unsaved;

  /** Makes a new session with a random id. */
  protected ChangeTrackingSession(InstantSource time, Duration timeout) {
    this(time, IDS.generate(), Instant.ofEpochMilli(time.millis()), timeout);
    unsaved = true;
  }

  /** Makes the view of a stored session. */
  protected ChangeTrackingSession(InstantSource time, String id, Instant created, Instant lastAccessed,
      Duration timeout) {
    this(time, id, created, timeout);
    this.lastAccessed = lastAccessed;
    storedLastAccessed = lastAccessed;
  }

  private ChangeTrackingSession(InstantSource time, String id, Instant created, Duration timeout) {
    this.time = time;
    this.id = id;
    this.created = created;
    this.timeout = timeout;
    storedId = id;
    storedTimeout = timeout;
    lastAccessed = created;
    storedLastAccessed = created;
  }

  /** Returns the value that the request read; null if the attribute did not exist. */
  protected abstract @Nullable Object storedAttribute(String name);

  /** Returns the names of the attributes that the request read. */
  protected abstract Set<String> storedAttributeNames();

  /** Returns a new id. */
  protected String generateId() {
    return IDS.generate();
  }

  /** Tells whether a failed save loses something that the request reported as done. An access alone does not count. */
  public final boolean changesState() {
    return unsaved || timeoutChanged || changesId() || !changes.isEmpty();
  }

  /** Tells whether a stored session gets a new id. */
  public final boolean changesId() {
    return !id.equals(storedId);
  }

  /** The id under which the store holds the session, or will hold it if it was never saved. */
  public final String storedId() {
    return storedId;
  }

  /**
   * Reverts to the stored state, so that a second save changes nothing. Spring Session saves when the response is
   * flushed and again at the end of the request. A new session that was rejected keeps an id that no store knows.
   */
  public void discardChanges() {
    changes.clear();
    id = storedId;
    timeout = storedTimeout;
    accessed = false;
    timeoutChanged = false;
    unsaved = false;
  }

  /** Makes the current state the stored one. */
  protected final void markSaved() {
    markSavedAs(id);
  }

  /** Makes the current state the stored one, under a new id. */
  protected final void markSavedAs(String newId) {
    id = newId;
    storedId = newId;
    storedTimeout = timeout;
    storedLastAccessed = lastAccessed;
    discardChanges();
  }

  /** The current id, which the store may not know yet. */
  protected final String currentId() {
    return id;
  }

  protected final AttributeChanges attributeChanges() {
    return changes;
  }

  /** Tells whether the session is new, and neither saved nor rejected yet. */
  public final boolean isUnsaved() {
    return unsaved;
  }

  /** Tells whether the request set a timeout. Setting the stored value again counts, as it does for attributes. */
  protected final boolean changesTimeout() {
    return timeoutChanged;
  }

  /** Tells whether the request accessed the session at least this long after the stored last access. */
  protected final boolean isAccessDue(Duration persistInterval) {
    return accessed && Duration.between(storedLastAccessed, lastAccessed).compareTo(persistInterval) >= 0;
  }

  protected final Instant now() {
    return time.instant();
  }

  @Override
  public String getId() {
    return id;
  }

  @Override
  public String changeSessionId() {
    id = generateId();
    if (unsaved) {
      storedId = id;
    }
    return getId();
  }

  @Override
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the interface's own signature
  public final <T> @Nullable T getAttribute(String name) {
    return (T) (changes.has(name) ? changes.get(name) : storedAttribute(name));
  }

  @Override
  public final Set<String> getAttributeNames() {
    return changes.namesAppliedTo(storedAttributeNames());
  }

  @Override
  public final void setAttribute(String name, @Nullable Object value) {
    changes.set(name, value);
  }

  @Override
  public final void removeAttribute(String name) {
    changes.set(name, null);
  }

  @Override
  public final Instant getCreationTime() {
    return created;
  }

  @Override
  public final void setLastAccessedTime(Instant lastAccessedTime) {
    lastAccessed = lastAccessedTime;
    accessed = true;
  }

  @Override
  public final Instant getLastAccessedTime() {
    return lastAccessed;
  }

  @Override
  public final void setMaxInactiveInterval(Duration interval) {
    timeout = interval;
    timeoutChanged = true;
  }

  @Override
  public final Duration getMaxInactiveInterval() {
    return timeout;
  }

  @Override
  public boolean isExpired() {
    return isExpired(now(), lastAccessed, timeout);
  }

  /** Tells whether a session has been idle for its timeout. A negative timeout never expires. */
  public static boolean isExpired(Instant now, Instant lastAccessed, Duration timeout) {
    return !timeout.isNegative() && !now.isBefore(lastAccessed.plus(timeout));
  }
}
