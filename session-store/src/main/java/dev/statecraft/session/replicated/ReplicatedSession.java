package dev.statecraft.session.replicated;

import dev.statecraft.session.ChangeTrackingSession;
import dev.statecraft.session.SessionStoreContext;
import dev.statecraft.session.attribute.AttributeCodec;
import dev.statecraft.session.attribute.StoredAttribute;
import dev.statecraft.session.replicated.Command.Change;
import dev.statecraft.session.replicated.Command.Create;
import dev.statecraft.session.replicated.Command.Save;
import dev.statecraft.session.replicated.SessionRecord.Attribute;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One request's view of a {@link SessionRecord}. Its id is the client's token, which carries the index of the newest
 * state that the user has seen; so each save changes it.
 */
final class ReplicatedSession extends ChangeTrackingSession {
  private final AttributeCodec codec;
  private final Function<SessionToken, String> sign;
  /** Null until a new session has been saved. */
  private @Nullable SessionRecord stored;
  private long seenIndex;
  private @Nullable SessionToken signed;
  private String token = "";

  /** Makes a new session. */
  ReplicatedSession(SessionStoreContext context, Function<SessionToken, String> sign) {
    super(context);
    this.codec = context.codec();
    this.sign = sign;
  }

  /** Makes the view of a stored session, for a user who has seen its state up to an index. */
  ReplicatedSession(
      SessionStoreContext context, Function<SessionToken, String> sign, SessionRecord stored,
      Map<String, StoredAttribute> attributes, long seenIndex, long lastAccessed) {
    super(
        context, stored.id(), Instant.ofEpochMilli(stored.created()), Instant.ofEpochMilli(lastAccessed),
        toDuration(stored.idle()), attributes);
    this.codec = context.codec();
    this.sign = sign;
    this.stored = stored;
    this.seenIndex = Math.max(seenIndex, stored.changed());
  }

  @Nullable
  SessionRecord stored() {
    return stored;
  }

  /** Returns the command that saves the changes. */
  Command command() {
    SessionRecord before = stored;
    if (before == null) {
      Map<String, Value> attributes = attributeChanges()
          .appliedTo(Map.of(), attribute -> Value.wrapping(codec.encode(attribute)));
      String user = principal();
      if (user != null) {
        attributes.put(SessionRecord.PRINCIPAL, Value.ofText(user));
      }
      return new Create(currentId(), getCreationTime().toEpochMilli(), toMillis(getMaxInactiveInterval()), attributes);
    }
    List<Change> made = new ArrayList<>();
    attributeChanges().forEach((name, attribute) -> made.add(
        change(before, name, attribute == null ? null : Value.wrapping(codec.encode(attribute)))));
    if (changesPrincipal()) {
      String user = principal();
      made.add(change(before, SessionRecord.PRINCIPAL, user == null ? null : Value.ofText(user)));
    }
    if (changesId()) {
      made.add(change(before, SessionRecord.PREVIOUS_ID, Value.ofText(before.id())));
    }
    return new Save(
        before.id(),
        changesId() ? currentId() : null,
        getLastAccessedTime().toEpochMilli(),
        changesTimeout() ? (Long) toMillis(getMaxInactiveInterval()) : null,
        made);
  }

  private static Change change(SessionRecord before, String name, @Nullable Value value) {
    Attribute seen = before.attributes().get(name);
    return new Change(name, seen == null ? 0 : seen.version(), value);
  }

  /** Applies the command, which took effect at {@code index}, to what this request had read. */
  void saved(Command command, long index) {
    SessionRecord before = stored;
    if (command instanceof Create create) {
      stored = SessionRecord.of(create, index);
    } else if (command instanceof Save save && before != null) {
      stored = before.after(save, index);
    }
    seenIndex = Math.max(seenIndex, index);
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

  /** The shortest timeout is one millisecond. */
  private static long toMillis(Duration timeout) {
    return timeout.isPositive() ? Math.max(1, timeout.toMillis()) : -1;
  }

  private static Duration toDuration(long idle) {
    return idle > 0 ? Duration.ofMillis(idle) : NEVER;
  }
}
