package dev.statecraft.session.redis;

import dev.statecraft.session.AttributeCodec;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.serializer.RedisSerializer;

/** Encodes the values of a session's hash as JSON of allowed types. An empty value is a removed attribute. */
final class AttributeSerializer implements RedisSerializer<Object> {
  private static final byte[] REMOVED = {};

  private final AttributeCodec codec;

  AttributeSerializer(AttributeCodec codec) {
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
