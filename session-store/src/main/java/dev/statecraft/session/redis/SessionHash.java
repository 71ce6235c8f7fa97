package dev.statecraft.session.redis;

import dev.statecraft.session.attribute.AttributeCodec;
import dev.statecraft.session.attribute.StoredAttribute;
import dev.statecraft.session.attribute.UnreadableAttributeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of a session's Redis hash: times as decimal numbers, and for each attribute its JSON and its revision. */
final class SessionHash {
  /** Ten years: until then the key of a session that never expires stays after its last access. */
  private static final Duration ENDLESS_KEY_TIMEOUT = Duration.ofDays(3650);
  /** So that an expired session can still be read when its end is published. */
  static final Duration GRACE = Duration.ofMinutes(1);
  /** Longer than any request: a logout that began before the id changed still finds the session. */
  private static final Duration MOVED_TIMEOUT = Duration.ofMinutes(5);
  private static final String CREATED = "creationTime";
  private static final String ACCESSED = "lastAccessedTime";
  private static final String TIMEOUT = "maxInactiveInterval";
  private static final String ATTRIBUTE = "sessionAttr:";
  private static final String REVISION = "sessionRevision:";
  private static final byte[] NONE = {};
  private static final byte[] YES = bytes(1);
  private static final byte[] NO = bytes(0);
  private static final byte[] ENDLESS_KEY_SECONDS = bytes(ENDLESS_KEY_TIMEOUT.toSeconds());
  private static final byte[] GRACE_SECONDS = bytes(GRACE.toSeconds());
  private static final byte[] MOVED_SECONDS = bytes(MOVED_TIMEOUT.toSeconds());

  private SessionHash() {}

  /**
   * A session as read from its hash.
   *
   * @param attributes JSON by attribute name
   * @param revisions by attribute name
   */
  record Read(
      Instant created, Instant lastAccessed, Duration timeout, Map<String, byte[]> attributes,
      Map<String, Long> revisions) {}

  /**
   * A change of one attribute.
   *
   * @param readRevision the revision that the request read; 0 if there was none
   * @param value null to remove the attribute
   */
  record Change(String name, long readRevision, @Nullable StoredAttribute value) {}

  /**
   * Reads a hash.
   *
   * @throws UnreadableAttributeException if it is not a session
   */
  static Read read(Map<byte[], byte[]> hash) {
    Map<String, byte[]> attributes = new HashMap<>();
    Map<String, Long> revisions = new HashMap<>();
    byte[] created = null;
    byte[] accessed = null;
    byte[] timeout = null;
    for (Map.Entry<byte[], byte[]> entry : hash.entrySet()) {
      String field = new String(entry.getKey(), StandardCharsets.UTF_8);
      byte[] value = entry.getValue();
      if (field.startsWith(ATTRIBUTE)) {
        attributes.put(field.substring(ATTRIBUTE.length()), value);
      } else if (field.startsWith(REVISION)) {
        revisions.put(field.substring(REVISION.length()), number(value));
      } else {
        switch (field) {
          case CREATED -> created = value;
          case ACCESSED -> accessed = value;
          case TIMEOUT -> timeout = value;
          default -> {
            // The revision of the session, or a field of a later version.
          }
        }
      }
    }
    return new Read(
        Instant.ofEpochMilli(number(created)),
        Instant.ofEpochMilli(number(accessed)),
        Duration.ofSeconds(number(timeout)),
        attributes,
        revisions);
  }

  private static long number(byte @Nullable [] value) {
    if (value == null) {
      throw new UnreadableAttributeException(null);
    }
    try {
      return Long.parseLong(new String(value, StandardCharsets.US_ASCII));
    } catch (NumberFormatException e) {
      throw new UnreadableAttributeException(e);
    }
  }

  /** Number of keys that {@code session-write.lua} needs for a save. */
  static int writtenKeys(RedisSession session) {
    return session.changesId() ? 3 : 1;
  }

  /** Returns the keys and arguments of {@code session-write.lua}. */
  static byte[][] write(RedisSession session, boolean refusesLostUpdates, AttributeCodec codec, RedisKeys keys) {
    Duration timeout = session.timeoutToSave();
    List<Change> changes = session.changes();
    if (changes.size() == 1 && timeout == null && !session.changesId()) {
      Change change = changes.getFirst();
      if (change.value() != null) {
        return writeOne(session, change.name(), codec.encode(change.value()),
            refusesLostUpdates ? bytes(change.readRevision()) : null, keys);
      }
    }
    List<byte[]> arguments = new ArrayList<>();
    arguments.add(bytes(keys.session(session.storedId())));
    if (session.changesId()) {
      arguments.add(bytes(keys.session(session.getId())));
      arguments.add(bytes(keys.moved(session.storedId())));
    }
    arguments.add(refusesLostUpdates ? YES : NO);
    arguments.add(session.isUnsaved() ? bytes(session.getCreationTime().toEpochMilli()) : NONE);
    arguments.add(bytes(session.getLastAccessedTime().toEpochMilli()));
    arguments.add(timeout == null ? NONE : bytes(seconds(timeout)));
    arguments.add(ENDLESS_KEY_SECONDS);
    arguments.add(GRACE_SECONDS);
    arguments.add(session.changesId() ? bytes(session.getId()) : NONE);
    arguments.add(session.changesId() ? MOVED_SECONDS : NONE);
    for (Change change : changes) {
      arguments.add(bytes(change.name()));
      arguments.add(bytes(change.readRevision()));
      arguments.add(change.value() == null ? NONE : codec.encode(change.value()));
    }
    return arguments.toArray(byte[][]::new);
  }

  /** The most frequent write has fewer arguments, which Redis would have to make into Lua values. */
  private static byte[][] writeOne(RedisSession session, String attribute, byte[] value,
      byte @Nullable [] readRevision, RedisKeys keys) {
    byte[] key = bytes(keys.session(session.storedId()));
    byte[] access = bytes(session.getLastAccessedTime().toEpochMilli());
    byte[] name = bytes(attribute);
    return readRevision == null
        ? new byte[][]{key, access, ENDLESS_KEY_SECONDS, GRACE_SECONDS, name, value}
        : new byte[][]{key, access, ENDLESS_KEY_SECONDS, GRACE_SECONDS, name, value, readRevision};
  }

  /** Returns a timeout in whole seconds, at least 1; -1 if it never ends. */
  static long seconds(Duration timeout) {
    return timeout.isPositive() ? timeout.plusMillis(999).toSeconds() : -1;
  }

  /** Returns how long the key of a session with this timeout stays after its last access. */
  static Duration keyTimeout(Duration timeout) {
    return timeout.isPositive() ? timeout.plus(GRACE) : ENDLESS_KEY_TIMEOUT;
  }

  private static byte[] bytes(long number) {
    return bytes(Long.toString(number));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
