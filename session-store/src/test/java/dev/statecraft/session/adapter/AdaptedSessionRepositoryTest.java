package dev.statecraft.session.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.SessionStoreException.Reason;
import java.util.HashMap;
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
    return AdaptedSessionRepository.of(fake, AdaptedSessionRepositoryTest::errorOf);
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
            .indexed(fake, AdaptedSessionRepositoryTest::errorOf)
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
    assertThat(adapted().findById(session.getId())).isNull();

    fake.failure = null;
    assertThat(adapted().findById(session.getId())).isNull();
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
      return AdaptedSessionRepository.indexed(new FakeRepository(), AdaptedSessionRepositoryTest::errorOf);
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
