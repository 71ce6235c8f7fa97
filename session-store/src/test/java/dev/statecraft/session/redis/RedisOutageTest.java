package dev.statecraft.session.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.statecraft.session.AttributeCodec;
import dev.statecraft.session.SessionContract;
import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.SessionStoreException.Reason;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.session.MapSession;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;

class RedisOutageTest {
  private static final Duration TIMEOUT = Duration.ofMinutes(10);

  private static void assertUnavailable(ThrowingCallable call) {
    assertThatExceptionOfType(SessionStoreException.class)
        .isThrownBy(call)
        .matches(refusal -> refusal.reason() == Reason.UNAVAILABLE);
  }

  private static LettuceConnectionFactory connect(int port) {
    LettuceConnectionFactory factory = new LettuceConnectionFactory(
        new RedisStandaloneConfiguration("127.0.0.1", port),
        LettuceClientConfiguration
            .builder()
            .commandTimeout(Duration.ofMillis(200))
            .shutdownQuietPeriod(Duration.ZERO)
            .build());
    factory.afterPropertiesSet();
    factory.start();
    return factory;
  }

  private static RedisStore<?> store(LettuceConnectionFactory connections) {
    return RedisStore
        .on(
            connections,
            new AttributeCodec(List.of(SessionContract.Note.class)),
            TIMEOUT,
            TIMEOUT.dividedBy(20),
            InstantSource.system());
  }

  private static void assertRefusesEverything(RedisStore<?> store) {
    assertUnavailable(() -> store.findById("some-id"));
    assertUnavailable(() -> store.deleteById("some-id"));
    assertUnavailable(() -> saveNew(store));
    assertThat(store.whyNotReady()).isPresent();
    assertThat(store.details()).containsEntry("sessions", null);
  }

  private static <S extends Session> void saveNew(RedisStore<S> store) {
    RedisSession<S> session = store.createSession();
    session.setAttribute("user", "ada");
    store.save(session);
  }

  @Test
  @Timeout(30)
  void stoppedRedisIsUnavailable() {
    EmbeddedRedis redis = new EmbeddedRedis();
    LettuceConnectionFactory connections = connect(redis.port());
    try {
      RedisStore<?> store = store(connections);
      assertThat(store.whyNotReady()).isEmpty();
      saveNew(store);
      assertThat(store.details()).containsEntry("sessions", 1L);
      redis.close();

      assertRefusesEverything(store);
    } finally {
      redis.close();
      connections.destroy();
    }
  }

  @Test
  @Timeout(30)
  void redisThatAcceptsButNeverAnswersIsUnavailable() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      LettuceConnectionFactory connections = connect(silent.getLocalPort());
      try {
        assertRefusesEverything(store(connections));
      } finally {
        connections.destroy();
      }
    }
  }

  @Test
  void failedSaveIsNotTriedAgainInTheSameRequestAndTheClientKeepsItsToken() {
    FailingSessions failing = new FailingSessions();
    RedisStore<MapSession> store = RedisStore.over(failing, connect(1), TIMEOUT.dividedBy(20));
    RedisSession<MapSession> session = Objects.requireNonNull(store.findById("held"));
    session.setAttribute("cart", "apple");
    session.changeSessionId();

    assertUnavailable(() -> store.save(session));
    store.save(session);
    session.setAttribute("cart", "pear");
    store.save(session);

    assertThat(failing.tried).containsExactly("save");
    assertThat(session.getId()).isEqualTo("held");
  }

  @Test
  void requestThatChangedNothingCostsNoWrite() {
    FailingSessions failing = new FailingSessions();
    RedisStore<MapSession> store = RedisStore.over(failing, connect(1), TIMEOUT.dividedBy(20));
    RedisSession<MapSession> session = Objects.requireNonNull(store.findById("held"));
    session.setLastAccessedTime(Instant.now());

    store.save(session);

    assertThat(failing.tried).isEmpty();
  }

  private static final class FailingSessions implements SessionRepository<MapSession> {
    final List<String> tried = new ArrayList<>();

    @Override
    public MapSession createSession() {
      return new MapSession();
    }

    @Override
    public void save(MapSession session) {
      tried.add("save");
      throw new QueryTimeoutException("no answer");
    }

    @Override
    public @Nullable MapSession findById(String id) {
      return new MapSession(id);
    }

    @Override
    public void deleteById(String id) {
      tried.add("delete");
    }
  }
}
