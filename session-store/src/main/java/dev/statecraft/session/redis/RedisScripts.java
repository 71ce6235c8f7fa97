package dev.statecraft.session.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.RedisTemplate;
import org.springframework.data.redis.core.script.DefaultRedisScript;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.data.redis.serializer.RedisSerializer;

/** The Lua scripts of this strategy, and the template that runs them with binary arguments. Thread-safe. */
final class RedisScripts {
  private static final RedisScript<String> WRITE = script("session-write.lua", String.class);
  private static final RedisScript<List<byte[]>> DELETE = listScript("session-delete.lua");
  private static final RedisScript<Long> INDEX_ADD = script("index-add.lua", Long.class);
  private static final RedisScript<List<byte[]>> INDEX_TAKE_DUE = listScript("index-take-due.lua");

  private final RedisTemplate<String, byte[]> redis = new RedisTemplate<>();

  RedisScripts(RedisConnectionFactory connections) {
    redis.setConnectionFactory(connections);
    redis.setKeySerializer(RedisSerializer.string());
    redis.setHashKeySerializer(RedisSerializer.string());
    redis.setHashValueSerializer(RedisSerializer.byteArray());
    redis.setValueSerializer(RedisSerializer.byteArray());
    redis.setEnableDefaultSerializer(false);
    // Spares a proxy for each command.
    redis.setExposeConnection(true);
    redis.afterPropertiesSet();
  }

  RedisTemplate<String, byte[]> template() {
    return redis;
  }

  /** Runs {@code session-write.lua}. */
  String write(List<String> keys, byte[][] arguments) {
    return Objects.requireNonNull(
        redis.execute(WRITE, RedisSerializer.byteArray(), RedisSerializer.string(), keys, (Object[]) arguments));
  }

  /** Runs {@code session-delete.lua}. */
  List<byte[]> delete(List<String> keys, String maxTtlMillis) {
    return list(DELETE, keys, maxTtlMillis);
  }

  /** Runs {@code index-add.lua}. */
  void addToIndex(String key, String id, long seconds, boolean removesExpired, long keySeconds) {
    Long _ = redis.execute(INDEX_ADD, RedisSerializer.byteArray(), number(), List.of(key), (Object[]) bytes(id,
        Long.toString(seconds), removesExpired ? "1" : "0", Long.toString(keySeconds)));
  }

  /** Runs {@code index-take-due.lua}. */
  List<byte[]> takeDue(String key, int limit) {
    return list(INDEX_TAKE_DUE, List.of(key), Integer.toString(limit));
  }

  private List<byte[]> list(RedisScript<List<byte[]>> script, List<String> keys, String argument) {
    List<byte[]> result = redis.execute(script, RedisSerializer.byteArray(), elements(), keys,
        (Object[]) bytes(argument));
    return result == null ? List.of() : result;
  }

  private static byte[][] bytes(String... texts) {
    byte[][] bytes = new byte[texts.length][];
    for (int i = 0; i < texts.length; i++) {
      bytes[i] = texts[i].getBytes(StandardCharsets.UTF_8);
    }
    return bytes;
  }

  /** Spring Data deserializes each element of a list with the serializer of the whole result. */
  @SuppressWarnings({"unchecked", "rawtypes"})
  private static RedisSerializer<List<byte[]>> elements() {
    return (RedisSerializer) RedisSerializer.byteArray();
  }

  /** Spring Data never calls it for a number. */
  private static RedisSerializer<Long> number() {
    return new RedisSerializer<>() {
      @Override
      public byte[] serialize(@Nullable Long value) {
        throw new UnsupportedOperationException();
      }

      @Override
      public @Nullable Long deserialize(byte @Nullable [] bytes) {
        throw new UnsupportedOperationException();
      }
    };
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static RedisScript<List<byte[]>> listScript(String name) {
    return (RedisScript) script(name, List.class);
  }

  /** Reads the text once: Spring Data would look at each call whether the file has changed. */
  private static <T> RedisScript<T> script(String name, Class<T> resultType) {
    try (InputStream in = Objects.requireNonNull(RedisScripts.class.getResourceAsStream(name), name)) {
      return new DefaultRedisScript<>(new String(in.readAllBytes(), StandardCharsets.UTF_8), resultType);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
