package dev.statecraft.session.replicated;

import dev.statecraft.session.ChangeTrackingSession;
import dev.statecraft.session.replicated.wire.WireReader;
import dev.statecraft.session.replicated.wire.WireWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * One version of a session in the state machine. Immutable.
 *
 * @param created milliseconds since the epoch
 * @param lastAccessed milliseconds since the epoch
 * @param idle maximum idle time in milliseconds; 0 or negative for no limit
 * @param changed index of the last change other than of the last access
 */
record SessionRecord(
    String id, long created, long lastAccessed, long idle, long changed, Map<String, Attribute> attributes) {
  /** Attribute of the store, not of the application: the name of the user in UTF-8, by which sessions are found. */
  static final String PRINCIPAL = "statecraft.principal";
  /** Attribute of the store: the id before it was changed last, so that a logout still finds the session. */
  static final String PREVIOUS_ID = "statecraft.previous-id";
  private static final Set<String> STORE_ATTRIBUTES = Set.of(PRINCIPAL, PREVIOUS_ID);

  /**
   * An attribute.
   *
   * @param version index of the log entry that wrote it, from 1
   */
  record Attribute(Value value, long version) {}

  SessionRecord {
    attributes = Map.copyOf(attributes);
  }

  /**
   * Age of the last access in the log, in milliseconds, from which a read is proposed: a twentieth of the idle time.
   * Until then {@link LastAccessTracker} keeps the time in memory.
   */
  long lastAccessPersistInterval() {
    return Math.max(1, ChangeTrackingSession.persistInterval(Duration.ofMillis(idle)).toMillis());
  }

  /** Whether the session has expired, given its last access; both in milliseconds since the epoch. */
  boolean expiredAt(long now, long accessed) {
    return idle > 0 && now - accessed >= idle;
  }

  /** The encoded attributes of the application. */
  Map<String, byte[]> encodedAttributes() {
    Map<String, byte[]> encoded = HashMap.newHashMap(attributes.size());
    attributes.forEach((name, attribute) -> {
      if (!STORE_ATTRIBUTES.contains(name)) {
        encoded.put(name, attribute.value().bytes());
      }
    });
    return encoded;
  }

  /** Whether an attribute of the store has this value. */
  boolean has(String name, Value value) {
    Attribute attribute = attributes.get(name);
    return attribute != null && attribute.value().equals(value);
  }

  SessionRecord touchedAt(long at) {
    return at <= lastAccessed ? this : new SessionRecord(id, created, at, idle, changed, attributes);
  }

  /** The record after a save that was applied at {@code index}; the caller has checked for conflicts. */
  SessionRecord after(Command.Save save, long index) {
    Map<String, Attribute> next = new HashMap<>(attributes);
    for (Command.Change change : save.changes()) {
      Value value = change.value();
      if (value == null) {
        next.remove(change.name());
      } else {
        next.put(change.name(), new Attribute(value, index));
      }
    }
    String newId = save.newId();
    Long newIdle = save.idle();
    return new SessionRecord(
        newId == null ? id : newId,
        created,
        Math.max(lastAccessed, save.at()),
        newIdle == null ? idle : newIdle,
        index,
        next);
  }

  static SessionRecord of(Command.Create create, long index) {
    Map<String, Attribute> attributes = HashMap.newHashMap(create.attributes().size());
    create.attributes().forEach((name, value) -> attributes.put(name, new Attribute(value, index)));
    return new SessionRecord(create.id(), create.at(), create.at(), create.idle(), index, attributes);
  }

  void writeTo(WireWriter out) {
    out.text(id).signed(created).signed(lastAccessed).signed(idle).number(changed).number(attributes.size());
    new TreeMap<>(attributes)
        .forEach((name, attribute) -> attribute.value().writeTo(out.text(name).number(attribute.version())));
  }

  static SessionRecord readFrom(WireReader in) {
    String id = in.text();
    long created = in.signed();
    long lastAccessed = in.signed();
    long idle = in.signed();
    long changed = in.number();
    int count = in.count();
    Map<String, Attribute> attributes = HashMap.newHashMap(count);
    for (int i = 0; i < count; i++) {
      String name = in.text();
      long version = in.number();
      attributes.put(name, new Attribute(Value.wrapping(in.bytes()), version));
    }
    return new SessionRecord(id, created, lastAccessed, idle, changed, attributes);
  }
}
