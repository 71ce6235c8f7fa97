package dev.statecraft.session.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.SessionStoreException.Reason;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Faults of Redis and of the connections to it, with the client as Spring Boot configures it. */
class RedisOutageIT {
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  private static void assertUnavailable(ThrowingCallable call) {
    assertThatExceptionOfType(SessionStoreException.class)
        .isThrownBy(call)
        .matches(rejection -> rejection.reason() == Reason.UNAVAILABLE);
  }

  private static void assertRejectsEverything(RedisNode node) {
    String id = UUID.randomUUID().toString();
    assertUnavailable(() -> node.sessions().findById(id));
    assertUnavailable(() -> node.sessions().deleteById(id));
    assertUnavailable(() -> node.login("ada"));
    assertThat(node.notReadyReason()).isPresent();
    assertThat(node.details()).containsEntry("sessions", null);
  }

  private static void awaitServing(RedisNode node) {
    Awaitility.await().atMost(DEADLINE).ignoreExceptionsInstanceOf(SessionStoreException.class).untilAsserted(() -> {
      assertThat(node.notReadyReason()).isEmpty();
      assertThat(node.sessions().findById(node.login("bob"))).isNotNull();
    });
  }

  @Test
  @Timeout(60)
  void stoppedRedisIsUnavailable() {
    EmbeddedRedis redis = new EmbeddedRedis();
    try (RedisNode node = new RedisNode(redis.port(), "spring.data.redis.timeout=10s")) {
      assertThat(node.notReadyReason()).isEmpty();
      node.login("ada");
      assertThat(node.details()).containsEntry("sessions", 1L);
      redis.close();

      assertRejectsEverything(node);
    } finally {
      redis.close();
    }
  }

  @Test
  @Timeout(60)
  void applicationsOnOneRedisDoNotShareSessions() {
    try (EmbeddedRedis redis = new EmbeddedRedis();
        RedisNode shop = new RedisNode(redis.port());
        RedisNode replica = new RedisNode(redis.port());
        RedisNode blog = new RedisNode(redis.port(), "spring.application.name=blog");
        RedisNode staging = new RedisNode(redis.port(), "statecraft.session.namespace=shop-staging")) {
      String id = shop.login("ada");

      assertThat(replica.sessions().findById(id)).isNotNull();
      for (RedisNode other : List.of(blog, staging)) {
        assertThat(other.sessions().findById(id)).isNull();
        other.sessions().deleteById(id);
        assertThat(other.details()).containsEntry("sessions", 0L);
      }
      assertThat(shop.sessions().findById(id)).isNotNull();
    }
  }

  @Test
  @Timeout(60)
  void silentRedisIsUnavailable() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        RedisNode node = new RedisNode(silent.getLocalPort(), "spring.data.redis.timeout=200ms")) {
      assertRejectsEverything(node);
    }
  }

  /** The proxy still acknowledges what it receives, so TCP notices nothing. */
  @Test
  @Timeout(120)
  void replacesHalfOpenConnection() {
    try (EmbeddedRedis redis = new EmbeddedRedis();
        SilentProxy proxy = new SilentProxy(redis.port());
        RedisNode node = new RedisNode(proxy.port())) {
      String id = node.login("ada");
      proxy.silence();

      assertUnavailable(() -> node.sessions().findById(id));
      awaitServing(node);
      assertThat(node.sessions().findById(id)).as("a session from before").isNotNull();
    }
  }

  @Test
  @Timeout(120)
  void leavesDemotedPrimary() {
    try (EmbeddedRedis old = new EmbeddedRedis();
        EmbeddedRedis promoted = old.replica();
        SilentProxy address = new SilentProxy(old.port());
        RedisNode node = new RedisNode(address.port())) {
      String id = node.login("ada");
      Awaitility.await().atMost(DEADLINE).until(
          () -> promoted.command("EXISTS", new RedisKeys("shop").session(id)).equals(":1"));
      assertThat(promoted.command("REPLICAOF", "NO", "ONE")).startsWith("+OK");
      assertThat(old.command("REPLICAOF", "127.0.0.1", Integer.toString(promoted.port()))).startsWith("+OK");

      assertThat(node.notReadyReason()).as("readiness of a node that cannot write").get().asString()
          .contains("READONLY");
      address.retarget(promoted.port());
      awaitServing(node);
      assertThat(node.sessions().findById(id)).as("a session from before").isNotNull();
    }
  }
}
