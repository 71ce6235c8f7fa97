package dev.statecraft.session.redis;

import dev.statecraft.session.AttributeCodec;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.serializer.RedisSerializer;

/** Values of a session's hash, as JSON of allowed types only. An empty value is an attribute that was removed. */
final class AttributeTypeAllowList implements RedisSerializer<Object> {
  private static final byte[] REMOVED = {};

  private final AttributeCodec codec;

  AttributeTypeAllowList(AttributeCodec codec) {
    this.codec = codec;
  }

  @Override
  public byte[] serialize(@Nullable Object value) {
    return value == null ? REMOVED : codec.encode(value);
  }

  @Override
  public @Nullable Object deserialize(byte @Nullable [] bytes) {
    return bytes == null || bytes.length == 0 ? null : codec.decode(bytes);
  }
}
