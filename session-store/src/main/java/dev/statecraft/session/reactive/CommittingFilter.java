package dev.statecraft.session.reactive;

import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Commits a response without a body, which saves the session, while exceptions are still handled. Spring commits it
 * later: a refused save would end the connection without an answer.
 */
final class CommittingFilter implements WebFilter, Ordered {
  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    return chain.filter(exchange).then(Mono.defer(() -> exchange.getResponse().setComplete()));
  }
}
