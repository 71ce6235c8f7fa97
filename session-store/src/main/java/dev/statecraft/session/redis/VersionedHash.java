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
 * A session as fields of a Redis hash: those of Spring Session's own repository, so that either kind of writes reads
 * what the other left, and a revision for each attribute. Stateless but for its codec, so thread-safe.
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
   * What a session holds.
   *
   * @param revisions by attribute; one that has never been written by a guarded write has none
   */
  record Read(
      Instant created, Instant lastAccessed, Duration timeout, Map<String, Object> attributes,
      Map<String, Long> revisions) {}

  /**
   * One change.
   *
   * @param seen the revision of the attribute that the request read, 0 where it read none
   * @param value null where the attribute is removed
   */
  record Change(String name, long seen, @Nullable Object value) {}

  /**
   * Reads a hash.
   *
   * @throws UnreadableAttributeException where it is no session, or holds what is not allowed
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
    return new Read(
        Instant.ofEpochMilli(number(hash, CREATED)),
        Instant.ofEpochMilli(number(hash, ACCESSED)),
        Duration.ofSeconds(number(hash, TIMEOUT)),
        attributes,
        revisions);
  }

  private long number(Map<String, byte[]> hash, String field) {
    byte[] value = hash.get(field);
    if (value != null && codec.decode(value) instanceof Number number) {
      return number.longValue();
    }
    throw new UnreadableAttributeException(null);
  }

  /**
   * The arguments of {@code guarded-write.lua}.
   *
   * @throws IllegalArgumentException where an attribute is of a type that may not be stored
   */
  byte[][] arguments(VersionedSession session) {
    Duration timeout = session.changedTimeout();
    List<byte[]> arguments = new ArrayList<>();
    arguments.add(session.storedId() == null ? codec.encode(session.getCreationTime().toEpochMilli()) : NONE);
    arguments.add(codec.encode(session.getLastAccessedTime().toEpochMilli()));
    arguments.add(timeout == null ? NONE : codec.encode(Math.toIntExact(timeout.toSeconds())));
    for (Change change : session.changes()) {
      arguments.add(change.name().getBytes(StandardCharsets.UTF_8));
      arguments.add(Long.toString(change.seen()).getBytes(StandardCharsets.US_ASCII));
      arguments.add(change.value() == null ? NONE : codec.encode(change.value()));
    }
    return arguments.toArray(byte[][]::new);
  }
}
