package dev.statecraft.session.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Checks that nothing stays in Redis for ever. */
final class RedisExpiryKeys {
  private RedisExpiryKeys() {}

  static void assertEveryKeyExpires(int port) {
    LettuceConnectionFactory factory = RedisTestCluster.connect(
        new RedisStandaloneConfiguration("127.0.0.1", port), RedisTestCluster.CLIENT_RESOURCES);
    try (RedisConnection connection = factory.getConnection()) {
      Set<byte[]> keys = Objects.requireNonNull(connection.keyCommands().keys(new byte[]{'*'}));
      assertThat(keys).allSatisfy(key -> assertThat(connection.keyCommands().ttl(key))
          .as("seconds until %s expires", new String(key, StandardCharsets.UTF_8)).isPositive());
    } finally {
      factory.destroy();
    }
  }
}
