package dev.statecraft.session.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.statecraft.session.AttributeCodec;
import dev.statecraft.session.contract.SessionContract;
import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.SessionStoreException.Reason;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.session.Session;

class RedisOutageIT {
  private static final Duration TIMEOUT = Duration.ofMinutes(10);

  private static void assertUnavailable(ThrowingCallable call) {
    assertThatExceptionOfType(SessionStoreException.class)
        .isThrownBy(call)
        .matches(rejection -> rejection.reason() == Reason.UNAVAILABLE);
  }

  private static LettuceConnectionFactory connect(int port, Duration commandTimeout) {
    LettuceConnectionFactory factory = new LettuceConnectionFactory(
        new RedisStandaloneConfiguration("127.0.0.1", port),
        LettuceClientConfiguration
            .builder()
            .commandTimeout(commandTimeout)
            .clientOptions(ClientOptions.builder().disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS).build())
            .shutdownQuietPeriod(Duration.ZERO)
            .build());
    factory.afterPropertiesSet();
    factory.start();
    return factory;
  }

  private static LastWriteWinsStore<?> store(LettuceConnectionFactory connections) {
    return LastWriteWinsStore
        .create(
            connections,
            new AttributeCodec(List.of(SessionContract.Note.class)),
            TIMEOUT,
            TIMEOUT.dividedBy(20),
            InstantSource.system());
  }

  private static void assertRejectsEverything(LastWriteWinsStore<?> store) {
    assertUnavailable(() -> store.findById("some-id"));
    assertUnavailable(() -> store.deleteById("some-id"));
    assertUnavailable(() -> saveNew(store));
    assertThat(store.notReadyReason()).isPresent();
    assertThat(store.details()).containsEntry("sessions", null);
  }

  private static <S extends Session> void saveNew(LastWriteWinsStore<S> store) {
    LastWriteWinsSession<S> session = store.createSession();
    session.setAttribute("user", "ada");
    store.save(session);
  }

  @Test
  @Timeout(30)
  void stoppedRedisIsUnavailable() {
    EmbeddedRedis redis = new EmbeddedRedis();
    LettuceConnectionFactory connections = connect(redis.port(), Duration.ofSeconds(10));
    try {
      LastWriteWinsStore<?> store = store(connections);
      assertThat(store.notReadyReason()).isEmpty();
      saveNew(store);
      assertThat(store.details()).containsEntry("sessions", 1L);
      redis.close();

      assertRejectsEverything(store);
    } finally {
      redis.close();
      connections.destroy();
    }
  }

  @Test
  @Timeout(30)
  void silentRedisIsUnavailable() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      LettuceConnectionFactory connections = connect(silent.getLocalPort(), Duration.ofMillis(200));
      try {
        assertRejectsEverything(store(connections));
      } finally {
        connections.destroy();
      }
    }
  }
}
