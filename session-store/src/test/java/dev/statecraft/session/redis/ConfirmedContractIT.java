package dev.statecraft.session.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.statecraft.session.Guarantee;
import dev.statecraft.session.SessionStoreException.Reason;
import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.SessionStrategy;
import dev.statecraft.session.contract.SessionContract;
import dev.statecraft.session.contract.TestCluster;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.RedisConnection;

/** {@code writes=confirmed}, with a Redis server and a replica. */
class ConfirmedContractIT extends SessionContract {
  private static EmbeddedRedis primary;
  private static EmbeddedRedis replica;

  @BeforeAll
  static void startRedis() {
    primary = new EmbeddedRedis();
    replica = primary.replica();
    try (RedisTestCluster cluster = cluster(primary);
        RedisConnection connection = cluster.connection(0).getConnection()) {
      await().atMost(Duration.ofSeconds(30)).until(() -> Objects.requireNonNull(connection.serverCommands().info())
          .getProperty("slave0", "").contains("state=online"));
    }
  }

  @AfterAll
  static void stopRedis() {
    replica.close();
    primary.close();
  }

  private static RedisTestCluster cluster(EmbeddedRedis server) {
    return new RedisTestCluster(server.port(), codec(), WriteMode.CONFIRMED);
  }

  @Override
  protected SessionStrategy strategy() {
    return new RedisStrategy();
  }

  @Override
  protected Guarantee guarantee() {
    return ((RedisTestCluster) cluster()).status(0).guarantee().orElseThrow();
  }

  /** {@link CompareAndSetContractIT} rejects 100,000. */
  @Override
  protected int forgedTokens() {
    return 5_000;
  }

  @Override
  protected TestCluster start() {
    return cluster(primary);
  }

  @BeforeEach
  void emptyRedis() {
    try (RedisConnection connection = ((RedisTestCluster) cluster()).connection(0).getConnection()) {
      connection.serverCommands().flushDb();
    }
  }

  @Test
  void replicaHasEachAcknowledgedWrite() {
    try (RedisTestCluster followers = cluster(replica);
        RedisConnection connection = followers.connection(0).getConnection()) {
      for (int i = 1; i <= 50; i++) {
        String token = createSession("cart", "pear");
        assertThat(connection.keyCommands().exists(RedisTestCluster.key(token))).as("session %s", i).isTrue();
      }
    }
  }

  @Test
  void rejectsWriteThatNoReplicaConfirms() {
    try (EmbeddedRedis single = new EmbeddedRedis(); RedisTestCluster cluster = cluster(single)) {
      assertThatExceptionOfType(SessionStoreException.class).isThrownBy(() -> saveNew(cluster.node(0)))
          .withMessageContaining("may have been done").matches(rejection -> rejection.reason() == Reason.UNAVAILABLE);
      assertThat(cluster.status(1).details()).containsEntry("sessions", 1L);
      assertThatExceptionOfType(SessionStoreException.class)
          .isThrownBy(() -> cluster.node(0).deleteById(UUID.randomUUID().toString()))
          .matches(rejection -> rejection.reason() == Reason.UNAVAILABLE);
    }
  }

  private static void saveNew(RedisSessionRepository store) {
    RedisSession session = store.createSession();
    session.setAttribute("user", "ada");
    store.save(session);
  }
}
