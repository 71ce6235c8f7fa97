package dev.statecraft.session.replicated;

import dev.statecraft.session.AttributeChanges;
import dev.statecraft.session.AttributeCodec;
import dev.statecraft.session.replicated.Command.Change;
import dev.statecraft.session.replicated.Command.Create;
import dev.statecraft.session.replicated.Command.Save;
import dev.statecraft.session.replicated.SessionRecord.Attribute;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.session.Session;
import org.springframework.session.SessionIdGenerator;
import org.springframework.session.UuidSessionIdGenerator;

/**
 * One request's view of a session: the record as it was when the request began, and what the request changed. Its id is
 * the client's token, which differs after a save. Not thread-safe, as every session of Spring Session.
 */
final class ReplicatedSession implements Session {
  private static final SessionIdGenerator IDS = UuidSessionIdGenerator.getInstance();

  private final InstantSource time;
  private final AttributeCodec codec;
  private final Function<SessionToken, String> sign;
  private final AttributeChanges changes = new AttributeChanges();
  private final Map<String, Object> decoded = new HashMap<>();
  /** Null until a new session has been saved. */
  private @Nullable SessionRecord stored;
  private String plainId;
  private long shown;
  private final Instant created;
  private Instant lastAccessed;
  private Duration timeout;
  private boolean timeoutChanged;
  /** New, and neither saved nor refused yet. */
  private boolean fresh;
  private @Nullable String token;

  /** A new session. */
  ReplicatedSession(
      InstantSource time, AttributeCodec codec, Function<SessionToken, String> sign, Duration timeout) {
    this.time = time;
    this.codec = codec;
    this.sign = sign;
    this.timeout = timeout;
    fresh = true;
    plainId = IDS.generate();
    created = Instant.ofEpochMilli(time.millis());
    lastAccessed = created;
  }

  /** A stored session, shown to a user who has seen it up to {@code seen}. */
  ReplicatedSession(
      InstantSource time, AttributeCodec codec, Function<SessionToken, String> sign, SessionRecord stored, long seen,
      long lastAccessed) {
    this.time = time;
    this.codec = codec;
    this.sign = sign;
    this.stored = stored;
    plainId = stored.id();
    shown = Math.max(seen, stored.changed());
    created = Instant.ofEpochMilli(stored.created());
    this.lastAccessed = Instant.ofEpochMilli(lastAccessed);
    timeout = toDuration(stored.idle());
  }

  @Nullable
  SessionRecord stored() {
    return stored;
  }

  /** Whether losing the save would lose something that the request was told was done. */
  boolean changesState() {
    SessionRecord before = stored;
    return fresh || timeoutChanged || !changes.isEmpty() || (before != null && !plainId.equals(before.id()));
  }

  /**
   * The command that makes its changes last.
   *
   * @throws IllegalArgumentException where an attribute is of a type that may not be stored
   */
  Command command() {
    SessionRecord before = stored;
    if (before == null) {
      Map<String, Value> attributes = changes.over(Map.of(), value -> Value.wrapping(codec.encode(value)));
      return new Create(plainId, created.toEpochMilli(), toMillis(timeout), attributes);
    }
    List<Change> made = new ArrayList<>();
    changes.forEach((name, value) -> {
      Attribute seen = before.attributes().get(name);
      made.add(
          new Change(
              name,
              seen == null ? 0 : seen.version(),
              value == null ? null : Value.wrapping(codec.encode(value))));
    });
    return new Save(
        before.id(),
        plainId.equals(before.id()) ? null : plainId,
        lastAccessed.toEpochMilli(),
        timeoutChanged ? (Long) toMillis(timeout) : null,
        made);
  }

  /**
   * Goes on from what it had read, with its own change, which was applied at {@code index}. Not from what is stored
   * now: a change that another request made meanwhile was not seen by this one, and must conflict with what it does
   * next.
   */
  void saved(Command command, long index) {
    SessionRecord before = stored;
    if (command instanceof Create create) {
      stored = SessionRecord.of(create, index);
    } else if (command instanceof Save save && before != null) {
      stored = before.after(save, index);
    }
    shown = Math.max(shown, index);
    decoded.clear();
  }

  /** Shows again what is stored; a new session that was refused keeps an id that opens nothing. */
  void forgetChanges() {
    changes.clear();
    timeoutChanged = false;
    fresh = false;
    token = null;
    SessionRecord before = stored;
    if (before != null) {
      plainId = before.id();
      timeout = toDuration(before.idle());
    }
  }

  @Override
  public String getId() {
    String known = token;
    if (known == null) {
      known = sign.apply(new SessionToken(plainId, shown));
      token = known;
    }
    return known;
  }

  @Override
  public String changeSessionId() {
    plainId = IDS.generate();
    token = null;
    return getId();
  }

  @Override
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the interface's own signature
  public <T> @Nullable T getAttribute(String name) {
    if (changes.has(name)) {
      return (T) changes.get(name);
    }
    Object known = decoded.get(name);
    SessionRecord before = stored;
    if (known == null && before != null) {
      Attribute attribute = before.attributes().get(name);
      if (attribute != null) {
        known = codec.decode(attribute.value().toArray());
        decoded.put(name, known);
      }
    }
    return (T) known;
  }

  @Override
  public Set<String> getAttributeNames() {
    SessionRecord before = stored;
    return changes.namesOver(before == null ? Set.of() : before.attributes().keySet());
  }

  @Override
  public void setAttribute(String name, @Nullable Object value) {
    changes.set(name, value);
  }

  @Override
  public void removeAttribute(String name) {
    changes.set(name, null);
  }

  @Override
  public Instant getCreationTime() {
    return created;
  }

  @Override
  public void setLastAccessedTime(Instant lastAccessedTime) {
    lastAccessed = lastAccessedTime;
  }

  @Override
  public Instant getLastAccessedTime() {
    return lastAccessed;
  }

  @Override
  public void setMaxInactiveInterval(Duration interval) {
    timeout = interval;
    timeoutChanged = true;
  }

  @Override
  public Duration getMaxInactiveInterval() {
    return timeout;
  }

  @Override
  public boolean isExpired() {
    return !timeout.isNegative() && !time.instant().isBefore(lastAccessed.plus(timeout));
  }

  private static long toMillis(Duration timeout) {
    return timeout.isNegative() ? -1 : timeout.toMillis();
  }

  private static Duration toDuration(long idle) {
    return idle < 0 ? Duration.ofSeconds(-1) : Duration.ofMillis(idle);
  }
}
