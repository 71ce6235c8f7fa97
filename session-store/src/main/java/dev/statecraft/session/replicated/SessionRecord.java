package dev.statecraft.session.replicated;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * One session as the group agrees on it. Immutable: a reader sees one whole version, however the next ones overtake it.
 *
 * @param created milliseconds since the epoch
 * @param lastAccessed milliseconds since the epoch
 * @param idle how long it may idle, in milliseconds; negative for ever
 * @param changed index of the last change of anything but the last access
 */
record SessionRecord(
    String id, long created, long lastAccessed, long idle, long changed, Map<String, Attribute> attributes) {
  private static final int TOUCHES_PER_IDLE = 20;

  /**
   * An attribute.
   *
   * @param version index of the change that wrote it, from 1
   */
  record Attribute(Value value, long version) {}

  SessionRecord {
    attributes = Map.copyOf(attributes);
  }

  /**
   * How old the recorded last access may grow before a mere read is recorded: a twentieth of the limit. Until then the
   * node that was read keeps the time to itself, see {@link Touches}.
   */
  long touchAfter() {
    return Math.max(1, idle / TOUCHES_PER_IDLE);
  }

  /** Whether it has expired where the last access was this one. */
  boolean expiredAt(long now, long accessed) {
    return idle >= 0 && now - accessed >= idle;
  }

  SessionRecord touchedAt(long at) {
    return at <= lastAccessed ? this : new SessionRecord(id, created, at, idle, changed, attributes);
  }

  /** The record after a save that was applied at {@code index}; the caller has seen to it that nothing conflicts. */
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
