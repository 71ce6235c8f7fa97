package dev.statecraft.session.redis;

import io.lettuce.core.RedisNoScriptException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisScriptingCommands;
import org.springframework.data.redis.connection.ReturnType;
import org.springframework.data.redis.core.RedisTemplate;
import org.springframework.data.redis.core.script.DefaultRedisScript;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.data.redis.serializer.RedisSerializer;

/** The Lua scripts of this strategy, and the template that runs them with binary arguments. Thread-safe. */
final class RedisScripts {
  private static final DefaultRedisScript<byte[]> WRITE = script("session-write.lua", byte[].class);
  private static final byte[] WRITE_TEXT = WRITE.getScriptAsString().getBytes(StandardCharsets.UTF_8);
  private static final String WRITE_SHA = WRITE.getSha1();
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

  /** Reads the fields of a hash; empty if there is none. */
  Map<byte[], byte[]> read(String key) {
    Map<byte[], byte[]> fields = redis.execute(
        (RedisConnection connection) -> connection.hashCommands().hGetAll(bytes(key)), true);
    return fields == null ? Map.of() : fields;
  }

  /**
   * Runs {@code session-write.lua}, without Spring Data's executor, which copies and converts all arguments.
   *
   * @param keys how many of {@code keysAndArguments} are keys
   */
  String write(int keys, byte[][] keysAndArguments) {
    byte[] answer = redis.execute((RedisConnection connection) -> {
      RedisScriptingCommands commands = connection.scriptingCommands();
      try {
        return commands.<byte[]>evalSha(WRITE_SHA, ReturnType.VALUE, keys, keysAndArguments);
      } catch (RuntimeException e) {
        if (!isUnknownScript(e)) {
          throw e;
        }
        return commands.<byte[]>eval(WRITE_TEXT, ReturnType.VALUE, keys, keysAndArguments);
      }
    }, true);
    return new String(Objects.requireNonNull(answer), StandardCharsets.US_ASCII);
  }

  /** Tells whether Redis does not have the script, for example because it restarted. */
  private static boolean isUnknownScript(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof RedisNoScriptException) {
        return true;
      }
    }
    return false;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Runs {@code session-delete.lua}. */
  List<byte[]> delete(List<String> keys, String maxTtlMillis) {
    return list(DELETE, keys, maxTtlMillis);
  }

  /** Runs {@code index-add.lua}. */
  void addToIndex(String key, String id, long seconds, boolean removesExpired, long keySeconds) {
    Long _ = redis.execute(INDEX_ADD, RedisSerializer.byteArray(), number(), List.of(key), bytes(id),
        bytes(Long.toString(seconds)), bytes(removesExpired ? "1" : "0"), bytes(Long.toString(keySeconds)));
  }

  /** Runs {@code index-take-due.lua}. */
  List<byte[]> takeDue(String key, int limit) {
    return list(INDEX_TAKE_DUE, List.of(key), Integer.toString(limit));
  }

  private List<byte[]> list(RedisScript<List<byte[]>> script, List<String> keys, String argument) {
    List<byte[]> result = redis.execute(script, RedisSerializer.byteArray(), elements(), keys,
        (Object) bytes(argument));
    return result == null ? List.of() : result;
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
  private static <T> DefaultRedisScript<T> script(String name, Class<T> resultType) {
    try (InputStream in = Objects.requireNonNull(RedisScripts.class.getResourceAsStream(name), name)) {
      return new DefaultRedisScript<>(new String(in.readAllBytes(), StandardCharsets.UTF_8), resultType);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
