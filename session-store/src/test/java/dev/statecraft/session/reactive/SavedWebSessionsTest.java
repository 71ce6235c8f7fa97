package dev.statecraft.session.reactive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.SessionStoreException.Reason;
import dev.statecraft.session.http.IdLimit;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpCookie;
import org.springframework.http.ResponseCookie;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpResponse;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.MapSession;
import org.springframework.session.ReactiveFindByIndexNameSessionRepository;
import org.springframework.session.SessionRepository;
import org.springframework.session.web.server.session.SpringSessionWebSessionStore;
import org.springframework.web.server.WebHandler;
import org.springframework.web.server.WebSession;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;
import org.springframework.web.server.session.CookieWebSessionIdResolver;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** A WebFlux application's sessions, in a store whose ids change with each save, as those of a cookie do. */
class SavedWebSessionsTest {
  private final Scheduler scheduler = Schedulers.newBoundedElastic(1, 1, "test");
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final ChangingIds repository = new ChangingIds();

  @AfterEach
  void disposeScheduler() {
    scheduler.dispose();
  }

  /** Each save gives the session a new id. */
  private static class ChangingIds implements SessionRepository<MapSession> {
    final Map<String, MapSession> sessions = new HashMap<>();
    final List<String> lookups = new ArrayList<>();
    @Nullable
    SessionStoreException rejection;

    @Override
    public MapSession createSession() {
      return new MapSession();
    }

    @Override
    public void save(MapSession session) {
      reject();
      sessions.remove(session.getId());
      session.changeSessionId();
      sessions.put(session.getId(), session);
    }

    @Override
    public @Nullable MapSession findById(String id) {
      lookups.add(id);
      return sessions.get(id);
    }

    @Override
    public void deleteById(String id) {
      reject();
      sessions.remove(id);
    }

    private void reject() {
      if (rejection != null) {
        throw rejection;
      }
    }
  }

  private MockServerHttpResponse send(WebHandler application, String... ids) {
    SavedWebSessions manager = new SavedWebSessions(
        new SpringSessionWebSessionStore<>(ScheduledSessionRepository.of(repository, scheduler)),
        new CookieWebSessionIdResolver(), new IdLimit(meters));
    HttpHandler handler = WebHttpHandlerBuilder.webHandler(application).filter(new CommittingFilter())
        .sessionManager(manager)
        .exceptionHandlers(handlers -> handlers.add(new SessionStoreExceptionHandler(meters))).build();
    MockServerHttpRequest.BaseBuilder<?> request = MockServerHttpRequest.get("/");
    for (String id : ids) {
      request.cookie(new HttpCookie("SESSION", id));
    }
    MockServerHttpResponse response = new MockServerHttpResponse();
    handler.handle(request.build(), response).block();
    return response;
  }

  private static final WebHandler LOGIN = exchange -> exchange.getSession()
      .doOnNext(session -> session.getAttributes().put("user", "ada")).then();

  private static ResponseCookie cookie(MockServerHttpResponse response) {
    return Objects.requireNonNull(response.getCookies().getFirst("SESSION"), "no cookie");
  }

  @Test
  void sendsIdThatSaveMade() {
    MockServerHttpResponse login = send(LOGIN);

    assertThat(repository.sessions).containsOnlyKeys(cookie(login).getValue());
    assertThat(login.getHeaders().getCacheControl()).isEqualTo("no-store");
  }

  @Test
  void readsSessionOfCookie() {
    String id = cookie(send(LOGIN)).getValue();
    List<@Nullable Object> users = new ArrayList<>();
    send(exchange -> exchange.getSession().doOnNext(session -> users.add(session.getAttribute("user"))).then(), id);

    assertThat(users).containsExactly("ada");
  }

  @Test
  void refusedSaveSendsProblemAndNoCookie() {
    repository.rejection = new SessionStoreException(Reason.CONFLICT, "lost");
    MockServerHttpResponse response = send(LOGIN);

    assertThat(Objects.requireNonNull(response.getStatusCode()).value()).isEqualTo(409);
    assertThat(response.getHeaders().getContentType()).hasToString("application/problem+json");
    assertThat(response.getCookies()).isEmpty();
    assertThat(meters.get("statecraft.session.refusals").counter().count()).isEqualTo(1);
  }

  @Test
  void refusedLogoutKeepsCookie() {
    String id = cookie(send(LOGIN)).getValue();
    repository.rejection = new SessionStoreException(Reason.UNAVAILABLE, "out of order");
    MockServerHttpResponse response = send(
        exchange -> exchange.getSession().flatMap(WebSession::invalidate).then(),
        id);

    assertThat(Objects.requireNonNull(response.getStatusCode()).value()).isEqualTo(503);
    assertThat(response.getHeaders().getFirst("Retry-After")).isEqualTo("1");
    assertThat(response.getCookies()).isEmpty();
    assertThat(repository.sessions).containsKey(id);
  }

  @Test
  void logoutEndsCookie() {
    String id = cookie(send(LOGIN)).getValue();
    MockServerHttpResponse response = send(
        exchange -> exchange.getSession().flatMap(WebSession::invalidate).then(),
        id);

    assertThat(cookie(response).getMaxAge()).isZero();
    assertThat(repository.sessions).isEmpty();
  }

  @Test
  void ignoresAllButFirstCookies() {
    send(exchange -> exchange.getSession().then(),
        IntStream.range(0, 190).mapToObj(_ -> UUID.randomUUID().toString()).toArray(String[]::new));

    assertThat(repository.lookups).hasSize(IdLimit.MAX_IDS);
    assertThat(meters.get("statecraft.session.ignored.ids").counter().count()).isEqualTo(190 - IdLimit.MAX_IDS);
  }

  @Test
  void refusesRequestsAboveItsBound() throws Exception {
    CountDownLatch slow = new CountDownLatch(1);
    CountDownLatch started = new CountDownLatch(1);
    ScheduledSessionRepository<MapSession> busy = new ScheduledSessionRepository<>(new ChangingIds() {
      @Override
      public @Nullable MapSession findById(String id) {
        started.countDown();
        try {
          slow.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
        return null;
      }
    }, scheduler);
    var first = busy.findById("a").toFuture();
    started.await();
    var second = busy.findById("b").toFuture();
    try {
      assertThatExceptionOfType(SessionStoreException.class).isThrownBy(() -> Mono.from(busy.findById("c")).block())
          .matches(rejection -> rejection.reason() == Reason.UNAVAILABLE);
    } finally {
      slow.countDown();
    }
    assertThat(first.get()).isNull();
    assertThat(second.get()).isNull();
  }

  @Test
  void findsByNameOnlyIfStrategyDoes() {
    class ByName extends ChangingIds implements FindByIndexNameSessionRepository<MapSession> {
      @Override
      public Map<String, MapSession> findByIndexNameAndIndexValue(String name, String value) {
        return Map.of("id", new MapSession("id"));
      }
    }

    assertThat(ScheduledSessionRepository.of(repository, scheduler))
        .isNotInstanceOf(ReactiveFindByIndexNameSessionRepository.class);
    assertThat(ScheduledSessionRepository.of(new ByName(), scheduler))
        .isInstanceOfSatisfying(ReactiveFindByIndexNameSessionRepository.class,
            byName -> assertThat(byName.findByPrincipalName("ada").block()).isNotNull());
  }
}
