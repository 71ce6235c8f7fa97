package dev.statecraft.session.replicated;

import dev.statecraft.session.AttributeCodec;
import dev.statecraft.session.ChangeTrackingSession;
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

/**
 * One request's view of a {@link SessionRecord}. Its id is the client's token, which carries the index of the newest
 * state that the user has seen; so each save changes it.
 */
final class ReplicatedSession extends ChangeTrackingSession {
  private final AttributeCodec codec;
  private final Function<SessionToken, String> sign;
  private final Map<String, Object> decoded = new HashMap<>();
  /** Null until a new session has been saved. */
  private @Nullable SessionRecord stored;
  private long seenIndex;
  private @Nullable SessionToken signed;
  private String token = "";

  /** Makes a new session. */
  ReplicatedSession(InstantSource time, AttributeCodec codec, Function<SessionToken, String> sign, Duration timeout) {
    super(time, timeout);
    this.codec = codec;
    this.sign = sign;
  }

  /** Makes the view of a stored session, for a user who has seen its state up to an index. */
  ReplicatedSession(InstantSource time, AttributeCodec codec, Function<SessionToken, String> sign, SessionRecord stored,
      long seenIndex, long lastAccessed) {
    super(time, stored.id(), Instant.ofEpochMilli(stored.created()), Instant.ofEpochMilli(lastAccessed),
        toDuration(stored.idle()));
    this.codec = codec;
    this.sign = sign;
    this.stored = stored;
    this.seenIndex = Math.max(seenIndex, stored.changed());
  }

  @Nullable
  SessionRecord stored() {
    return stored;
  }

  /**
   * Returns the command that saves the changes.
   *
   * @throws IllegalArgumentException if an attribute is of a type that is not allowed
   */
  Command command() {
    SessionRecord before = stored;
    if (before == null) {
      Map<String, Value> attributes = attributeChanges().appliedTo(Map.of(),
          value -> Value.wrapping(codec.encode(value)));
      return new Create(currentId(), getCreationTime().toEpochMilli(), toMillis(getMaxInactiveInterval()), attributes);
    }
    List<Change> made = new ArrayList<>();
    attributeChanges().forEach((name, value) -> {
      Attribute seen = before.attributes().get(name);
      made.add(new Change(name, seen == null ? 0 : seen.version(),
          value == null ? null : Value.wrapping(codec.encode(value))));
    });
    return new Save(before.id(), changesId() ? currentId() : null, getLastAccessedTime().toEpochMilli(),
        changesTimeout() ? (Long) toMillis(getMaxInactiveInterval()) : null, made);
  }

  /**
   * Applies the command, which took effect at {@code index}, to what this request had read, not to what is stored now:
   * the request has not seen changes of other requests in between, so its next change of such an attribute must
   * conflict.
   */
  void saved(Command command, long index) {
    SessionRecord before = stored;
    if (command instanceof Create create) {
      stored = SessionRecord.of(create, index);
    } else if (command instanceof Save save && before != null) {
      stored = before.after(save, index);
    }
    seenIndex = Math.max(seenIndex, index);
    decoded.clear();
    markSaved();
  }

  @Override
  public String getId() {
    SessionToken current = new SessionToken(currentId(), seenIndex);
    if (!current.equals(signed)) {
      token = sign.apply(current);
      signed = current;
    }
    return token;
  }

  @Override
  protected @Nullable Object storedAttribute(String name) {
    Object known = decoded.get(name);
    SessionRecord before = stored;
    if (known == null && before != null) {
      Attribute attribute = before.attributes().get(name);
      if (attribute != null) {
        known = codec.decode(attribute.value().toArray());
        decoded.put(name, known);
      }
    }
    return known;
  }

  @Override
  protected Set<String> storedAttributeNames() {
    SessionRecord before = stored;
    return before == null ? Set.of() : before.attributes().keySet();
  }

  private static long toMillis(Duration timeout) {
    return timeout.isNegative() ? -1 : timeout.toMillis();
  }

  private static Duration toDuration(long idle) {
    return idle < 0 ? Duration.ofSeconds(-1) : Duration.ofMillis(idle);
  }
}
