package dev.statecraft.session.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.statecraft.session.AttributeReader;
import dev.statecraft.session.AttributeReader.UnreadablePolicy;
import dev.statecraft.session.InvalidSettingException;
import dev.statecraft.session.SessionEvents;
import dev.statecraft.session.SessionStoreContext;
import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.SessionStoreException.Reason;
import dev.statecraft.session.attribute.AttributeCodec;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.MapSession;
import org.springframework.session.MapSessionRepository;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;

class AdaptedSessionRepositoryTest {
  private static final MeterRegistry METERS = new SimpleMeterRegistry();

  private final FakeRepository fake = new FakeRepository();

  /** Fails with an exception whose message is the {@link StoreError}. */
  private static final class FakeRepository implements FindByIndexNameSessionRepository<MapSession> {
    private final MapSessionRepository sessions = new MapSessionRepository(new ConcurrentHashMap<>());
    private @Nullable StoreError failure;

    private MapSessionRepository sessions() {
      if (failure != null) {
        throw new IllegalStateException(failure.name());
      }
      return sessions;
    }

    @Override
    public MapSession createSession() {
      return sessions().createSession();
    }

    @Override
    public void save(MapSession session) {
      sessions().save(session);
    }

    @Override
    public @Nullable MapSession findById(String id) {
      return sessions().findById(id);
    }

    @Override
    public void deleteById(String id) {
      sessions.deleteById(id);
    }

    @Override
    public Map<String, MapSession> findByIndexNameAndIndexValue(String indexName, String indexValue) {
      sessions();
      return new HashMap<>();
    }
  }

  private SessionRepository<MapSession> adapted() {
    return adapted(UnreadablePolicy.END_SESSION);
  }

  private SessionRepository<MapSession> adapted(UnreadablePolicy policy) {
    return AdaptedSessionRepository.of(fake, context(policy), AdaptedSessionRepositoryTest::errorOf);
  }

  private static SessionStoreContext context(UnreadablePolicy policy) {
    return new SessionStoreContext(Duration.ofMinutes(1), "shop", InstantSource.system(),
        new AttributeReader(new AttributeCodec(List.of()), policy, METERS), new SessionEvents(_ -> {}, METERS));
  }

  private static double unreadable() {
    return METERS.counter("statecraft.session.unreadable").count();
  }

  private static StoreError errorOf(RuntimeException e) {
    return StoreError.valueOf(String.valueOf(e.getMessage()));
  }

  @ParameterizedTest
  @CsvSource({"UNAVAILABLE,UNAVAILABLE", "CONFLICT,CONFLICT"})
  void translatesErrorsOfStore(StoreError error, Reason reason) {
    MapSession session = adapted().createSession();
    fake.failure = error;

    assertThatThrownBy(() -> adapted().save(session))
        .isInstanceOfSatisfying(
            SessionStoreException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    assertThatThrownBy(
        () -> AdaptedSessionRepository
            .indexed(fake, context(UnreadablePolicy.END_SESSION), AdaptedSessionRepositoryTest::errorOf)
            .findByPrincipalName("ada"))
        .isInstanceOf(SessionStoreException.class);
  }

  @Test
  void passesErrorsOfApplicationOn() {
    MapSession session = adapted().createSession();
    fake.failure = StoreError.OTHER;

    assertThatThrownBy(() -> adapted().save(session)).isExactlyInstanceOf(IllegalStateException.class);
  }

  @Test
  void endsSessionThatCannotBeRead() {
    MapSession session = adapted().createSession();
    adapted().save(session);
    fake.failure = StoreError.UNREADABLE;
    double before = unreadable();
    assertThat(adapted().findById(session.getId())).isNull();
    assertThat(unreadable()).isEqualTo(before + 1);

    fake.failure = null;
    assertThat(adapted().findById(session.getId())).isNull();
  }

  @Test
  void refusesRequestIfPolicySaysSo() {
    MapSession session = adapted().createSession();
    adapted().save(session);
    fake.failure = StoreError.UNREADABLE;
    assertThatThrownBy(() -> adapted(UnreadablePolicy.REFUSE).findById(session.getId()))
        .isInstanceOfSatisfying(
            SessionStoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNREADABLE));

    fake.failure = null;
    assertThat(adapted().findById(session.getId())).isNotNull();
  }

  @Test
  void refusesPolicyThatNeedsSingleAttributes() {
    assertThatThrownBy(() -> adapted(UnreadablePolicy.DROP_ATTRIBUTE))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("statecraft.session.unreadable-attributes");
  }

  @Test
  void searchThatFindsUnreadableSessionIsRefused() {
    fake.failure = StoreError.UNREADABLE;
    assertThatThrownBy(
        () -> AdaptedSessionRepository
            .indexed(fake, context(UnreadablePolicy.END_SESSION), AdaptedSessionRepositoryTest::errorOf)
            .findByPrincipalName("ada"))
        .isInstanceOfSatisfying(
            SessionStoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNREADABLE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a b", "\u0000", "\u00e9"})
  void doesNotLookUpMalformedIds(String id) {
    fake.failure = StoreError.OTHER;
    assertThat(adapted().findById(id)).isNull();
    assertThat(adapted().findById("x".repeat(257))).isNull();
  }

  @Configuration(proxyBeanMethods = false)
  static class Repositories {
    @Bean
    FindByIndexNameSessionRepository<? extends Session> sessions() {
      return AdaptedSessionRepository.indexed(
          new FakeRepository(), context(UnreadablePolicy.END_SESSION), AdaptedSessionRepositoryTest::errorOf);
    }

    @Bean
    Application application(FindByIndexNameSessionRepository<? extends Session> sessions) {
      return new Application(sessions);
    }
  }

  record Application(FindByIndexNameSessionRepository<? extends Session> sessions) {}

  @Test
  void springInjectsIndexedRepository() {
    try (var context = new AnnotationConfigApplicationContext(Repositories.class)) {
      assertThat(context.getBean(Application.class).sessions().findByPrincipalName("ada")).isEmpty();
    }
  }
}
