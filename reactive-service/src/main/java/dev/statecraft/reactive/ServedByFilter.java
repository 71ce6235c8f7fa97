package dev.statecraft.reactive;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Names this node on every answer, errors too: without it nobody can tell how requests were spread. */
@Component @Order(Ordered.HIGHEST_PRECEDENCE)
class ServedByFilter implements WebFilter {
  private final String node;

  ServedByFilter(NodeProperties properties) {
    this.node = properties.node();
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    exchange.getResponse().getHeaders().set("X-Served-By", node);
    return chain.filter(exchange);
  }
}
