package dev.statecraft.session;

import dev.statecraft.session.attribute.AttributeChanges;
import dev.statecraft.session.attribute.StoredAttribute;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.IndexResolver;
import org.springframework.session.MapSession;
import org.springframework.session.PrincipalNameIndexResolver;
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
  private static final IndexResolver<Session> PRINCIPAL = new PrincipalNameIndexResolver<>();
  /** Attributes from which {@link #PRINCIPAL} derives the name of the user. */
  private static final List<String> PRINCIPAL_SOURCES = List
      .of(FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME, "SPRING_SECURITY_CONTEXT");
  /** The Servlet specification's timeout of a session that never expires. */
  public static final Duration NEVER = Duration.ofSeconds(-1);
  private static final String UNUSED_ID = "-";
  private static final int PERSISTS_PER_TIMEOUT = 20;
  private static final Duration PERSIST_INTERVAL_OF_ENDLESS_SESSION = Duration.ofMinutes(1);

  private final SessionStoreContext context;
  private final Instant created;
  private final AttributeChanges changes = new AttributeChanges();
  /** What the request read, and has saved since. */
  private Map<String, StoredAttribute> stored;
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
  protected ChangeTrackingSession(SessionStoreContext context) {
    this(context, IDS.generate(), Instant.ofEpochMilli(context.time().millis()), context.timeout(), Map.of());
    unsaved = true;
  }

  /** Makes the view of a stored session. */
  protected ChangeTrackingSession(
      SessionStoreContext context, String id, Instant created, Instant lastAccessed, Duration timeout,
      Map<String, StoredAttribute> attributes) {
    this(context, id, created, timeout, attributes);
    this.lastAccessed = lastAccessed;
    storedLastAccessed = lastAccessed;
  }

  private ChangeTrackingSession(SessionStoreContext context, String id, Instant created, Duration timeout,
      Map<String, StoredAttribute> attributes) {
    this.context = context;
    this.id = id;
    this.created = created;
    this.timeout = timeout;
    stored = attributes;
    storedId = id;
    storedTimeout = timeout;
    lastAccessed = created;
    storedLastAccessed = created;
  }

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

  /**
   * Makes the current state the stored one: what the request had read, with its own changes. The request has not seen
   * changes of other requests in between, so its next change of such an attribute must conflict.
   */
  protected final void markSaved() {
    markSavedAs(id);
  }

  /** Makes the current state the stored one, under a new id. */
  protected final void markSavedAs(String newId) {
    id = newId;
    storedId = newId;
    storedTimeout = timeout;
    storedLastAccessed = lastAccessed;
    stored = changes.appliedTo(stored, attribute -> attribute);
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

  /** The attributes that the request read, and has saved since. */
  protected final Map<String, StoredAttribute> storedAttributes() {
    return stored;
  }

  /**
   * Tells whether the request accessed the session so long after the stored last access that a read must store it
   * again: a twentieth of the session's timeout. Otherwise each read would cost a write. In exchange a session that is
   * only read can expire earlier by this interval.
   */
  protected final boolean isAccessDue() {
    return hasNewAccess()
        && Duration.between(storedLastAccessed, lastAccessed).compareTo(persistInterval(timeout)) >= 0;
  }

  /** Tells whether the request accessed the session. */
  protected final boolean hasNewAccess() {
    return accessed;
  }

  /** Returns how old the stored last access of a session may become. */
  public static Duration persistInterval(Duration timeout) {
    return timeout.isPositive() ? timeout.dividedBy(PERSISTS_PER_TIMEOUT) : PERSIST_INTERVAL_OF_ENDLESS_SESSION;
  }

  /**
   * Tells whether the next save gives the client a new token without which it cannot use the session or the change.
   * Such a save must come before the response is committed.
   */
  public boolean changesToken() {
    return unsaved || changesId();
  }

  /** Tells whether the request changed an attribute from which the name of the user derives. */
  protected final boolean changesPrincipal() {
    return PRINCIPAL_SOURCES.stream().anyMatch(changes::has);
  }

  /** The name of the user as the request sees it; null if there is none. */
  public final @Nullable String principal() {
    return resolvePrincipal(this);
  }

  /** The name of the user as it was read; null if there was none. */
  protected final @Nullable String storedPrincipal() {
    return principalOf(stored);
  }

  /** Returns the name of the user in stored attributes; null if there is none. */
  public static @Nullable String principalOf(Map<String, StoredAttribute> attributes) {
    if (PRINCIPAL_SOURCES.stream().noneMatch(attributes::containsKey)) {
      return null;
    }
    MapSession session = new MapSession(UNUSED_ID);
    PRINCIPAL_SOURCES.forEach(name -> {
      StoredAttribute attribute = attributes.get(name);
      session.setAttribute(name, attribute == null ? null : attribute.value());
    });
    return resolvePrincipal(session);
  }

  private static @Nullable String resolvePrincipal(Session session) {
    return PRINCIPAL.resolveIndexesFor(session).get(FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME);
  }

  protected final Instant now() {
    return context.now();
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
    StoredAttribute attribute = current(name);
    return attribute == null ? null : (T) attribute.value();
  }

  private @Nullable StoredAttribute current(String name) {
    return changes.has(name) ? changes.get(name) : stored.get(name);
  }

  @Override
  public final Set<String> getAttributeNames() {
    return changes.namesAppliedTo(stored.keySet());
  }

  /**
   * Sets an attribute. If another version of the application wrote the value that this one replaces, fields that this
   * version does not know are kept; {@link #removeAttribute} discards them.
   *
   * @throws IllegalArgumentException if the value or the name cannot be stored; names attribute and type
   */
  @Override
  public final void setAttribute(String name, @Nullable Object value) {
    if (value != null && hasLoneSurrogate(name)) {
      throw new IllegalArgumentException("The name of a session attribute of type " + value.getClass().getName()
          + " is no valid Unicode text: it contains half of a surrogate pair");
    }
    changes.set(name, value == null ? null : context.codec().accept(name, value, current(name)));
  }

  /** Stores write names as UTF-8, which has no such characters: different names would become one. */
  private static boolean hasLoneSurrogate(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (Character.isSurrogate(name.charAt(i))) {
        return name.codePoints().anyMatch(code -> code >= Character.MIN_SURROGATE && code <= Character.MAX_SURROGATE);
      }
    }
    return false;
  }

  @Override
  public final void removeAttribute(String name) {
    changes.set(name, null);
  }

  @Override
  public final Instant getCreationTime() {
    return created;
  }

  /**
   * Never moves the last access back: a slow request, or one on a node whose clock is behind, may report an old one.
   */
  @Override
  public final void setLastAccessedTime(Instant lastAccessedTime) {
    if (lastAccessedTime.isAfter(lastAccessed)) {
      lastAccessed = lastAccessedTime;
    }
    accessed = true;
  }

  @Override
  public final Instant getLastAccessedTime() {
    return lastAccessed;
  }

  /** As in the Servlet specification, a session whose interval is zero or less never expires. */
  @Override
  public final void setMaxInactiveInterval(Duration interval) {
    timeout = interval.isPositive() ? interval : NEVER;
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

  /** Tells whether a session has been idle for its timeout. With a timeout of zero or less it never expires. */
  public static boolean isExpired(Instant now, Instant lastAccessed, Duration timeout) {
    return timeout.isPositive() && !now.isBefore(lastAccessed.plus(timeout));
  }
}
