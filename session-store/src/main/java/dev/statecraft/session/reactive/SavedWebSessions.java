package dev.statecraft.session.reactive;

import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.http.IdLimit;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebSession;
import org.springframework.web.server.session.WebSessionIdResolver;
import org.springframework.web.server.session.WebSessionManager;
import org.springframework.web.server.session.WebSessionStore;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Saves a session just before the response is committed, and only then sends its id. Spring's own manager sends the id
 * first; but strategies whose id changes with the state know it only after the save, and a refused save must send none.
 * Thread-safe.
 */
final class SavedWebSessions implements WebSessionManager {
  private static final String REJECTED_ATTRIBUTE = "dev.statecraft.session.rejected";

  private final WebSessionStore store;
  private final WebSessionIdResolver resolver;
  private final IdLimit limit;

  SavedWebSessions(WebSessionStore store, WebSessionIdResolver resolver, IdLimit limit) {
    this.store = store;
    this.resolver = resolver;
    this.limit = limit;
  }

  /** Records that the store rejected the request, whose response must neither set nor delete the cookie. */
  static void markRejected(ServerWebExchange exchange) {
    exchange.getAttributes().put(REJECTED_ATTRIBUTE, true);
  }

  @Override
  public Mono<WebSession> getSession(ServerWebExchange exchange) {
    return Mono.defer(() -> {
      List<String> ids = limit.first(resolver.resolveSessionIds(exchange));
      String first = ids.isEmpty() ? "" : ids.getFirst();
      return Flux.fromIterable(ids)
          .concatMap(store::retrieveSession)
          .next()
          .switchIfEmpty(store.createWebSession())
          .doOnError(SessionStoreException.class, _ -> markRejected(exchange))
          .doOnNext(session -> exchange.getResponse().beforeCommit(() -> commit(exchange, session, first)));
    });
  }

  private Mono<Void> commit(ServerWebExchange exchange, WebSession session, String first) {
    if (exchange.getAttribute(REJECTED_ATTRIBUTE) != null) {
      return Mono.empty();
    }
    if (session.isStarted() && !session.isExpired()) {
      return session.save().then(Mono.fromRunnable(() -> {
        forbidStorage(exchange);
        if (!session.getId().equals(first)) {
          resolver.setSessionId(exchange, session.getId());
        }
      }));
    }
    return Mono.fromRunnable(() -> {
      if (!first.isEmpty()) {
        forbidStorage(exchange);
        resolver.expireSession(exchange);
      }
    });
  }

  /** Forbids caches to store the response, unless the application says otherwise. */
  private static void forbidStorage(ServerWebExchange exchange) {
    HttpHeaders headers = exchange.getResponse().getHeaders();
    if (headers.getCacheControl() == null) {
      headers.setCacheControl("no-store");
    }
  }
}
