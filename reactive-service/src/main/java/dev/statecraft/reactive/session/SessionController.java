package dev.statecraft.reactive.session;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.WebSession;
import reactor.core.publisher.Mono;

/** Login, logout, and the data of a session. */
@RestController
@RequestMapping("/session")
class SessionController {
  private static final int MAX_USER_LENGTH = 128;

  private final String strategy;

  SessionController(@Value("${statecraft.session.strategy}") String strategy) {
    this.strategy = strategy;
  }

  record NewLogin(@Nullable String user) {}

  record SessionView(String user, String strategy, Instant created, Instant lastAccessed, long version) {}

  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  Mono<SessionView> open(@RequestBody NewLogin login, WebSession session) {
    return Login.open(session, Login.text("user", login.user(), MAX_USER_LENGTH)).map(this::view);
  }

  @GetMapping
  SessionView show(WebSession session) {
    return view(Login.of(session));
  }

  @PostMapping("/rotate")
  Mono<SessionView> rotate(WebSession session) {
    Login login = Login.of(session);
    return session.changeSessionId().then(Mono.fromSupplier(() -> view(login)));
  }

  @DeleteMapping
  @ResponseStatus(HttpStatus.NO_CONTENT)
  Mono<Void> close(WebSession session) {
    return Login.of(session).session().invalidate();
  }

  private SessionView view(Login login) {
    WebSession session = login.session();
    return new SessionView(
        login.user(), strategy, session.getCreationTime(), session.getLastAccessTime(), login.cart().version());
  }
}
