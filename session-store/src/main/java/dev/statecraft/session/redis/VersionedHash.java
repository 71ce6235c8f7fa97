package dev.statecraft.session.redis;

import dev.statecraft.session.AttributeCodec;
import dev.statecraft.session.UnreadableAttributeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a session's Redis hash: those of Spring Session's own repository, so that every write mode can read
 * sessions of another one, and a revision per attribute. Thread-safe.
 */
final class VersionedHash {
  private static final String CREATED = "creationTime";
  private static final String ACCESSED = "lastAccessedTime";
  private static final String TIMEOUT = "maxInactiveInterval";
  private static final String ATTRIBUTE = "sessionAttr:";
  private static final String REVISION = "sessionRevision:";
  private static final byte[] NONE = {};

  private final AttributeCodec codec;

  VersionedHash(AttributeCodec codec) {
    this.codec = codec;
  }

  /**
   * A session as read from its hash.
   *
   * @param revisions by attribute name; an attribute that Spring Session wrote has none
   */
  record Read(Instant created, Instant lastAccessed, Duration timeout, Map<String, Object> attributes,
      Map<String, Long> revisions) {}

  /**
   * A change of one attribute.
   *
   * @param readRevision the revision that the request read; 0 if there was none
   * @param value null to remove the attribute
   */
  record Change(String name, long readRevision, @Nullable Object value) {}

  /**
   * Reads a hash.
   *
   * @throws UnreadableAttributeException if it is not a session, or if a type is not allowed
   */
  Read read(Map<String, byte[]> hash) {
    Map<String, Object> attributes = new HashMap<>();
    Map<String, Long> revisions = new HashMap<>();
    hash.forEach((field, value) -> {
      if (field.startsWith(ATTRIBUTE) && value.length > 0) {
        attributes.put(field.substring(ATTRIBUTE.length()), codec.decode(value));
      } else if (field.startsWith(REVISION)) {
        revisions.put(field.substring(REVISION.length()), Long.valueOf(new String(value, StandardCharsets.US_ASCII)));
      }
    });
    return new Read(Instant.ofEpochMilli(number(hash, CREATED)), Instant.ofEpochMilli(number(hash, ACCESSED)),
        Duration.ofSeconds(number(hash, TIMEOUT)), attributes, revisions);
  }

  private long number(Map<String, byte[]> hash, String field) {
    byte[] value = hash.get(field);
    if (value != null && codec.decode(value) instanceof Number number) {
      return number.longValue();
    }
    throw new UnreadableAttributeException(null);
  }

  /**
   * Returns the arguments of {@code versioned-write.lua}.
   *
   * @throws IllegalArgumentException if an attribute is of a type that is not allowed
   */
  byte[][] scriptArguments(VersionedSession session) {
    Duration timeout = session.timeoutToSave();
    List<byte[]> arguments = new ArrayList<>();
    arguments.add(session.isUnsaved() ? codec.encode(session.getCreationTime().toEpochMilli()) : NONE);
    arguments.add(codec.encode(session.getLastAccessedTime().toEpochMilli()));
    arguments.add(timeout == null ? NONE : codec.encode(Math.toIntExact(timeout.toSeconds())));
    for (Change change : session.changes()) {
      arguments.add(change.name().getBytes(StandardCharsets.UTF_8));
      arguments.add(Long.toString(change.readRevision()).getBytes(StandardCharsets.US_ASCII));
      arguments.add(change.value() == null ? NONE : codec.encode(change.value()));
    }
    return arguments.toArray(byte[][]::new);
  }
}
