package dev.statecraft.reactive;

import dev.statecraft.service.node.NodeProperties;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Names the node in each answer, errors included. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class ServedByFilter implements WebFilter {
  private final String node;

  ServedByFilter(NodeProperties properties) {
    this.node = properties.node();
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    exchange.getResponse().getHeaders().set(NodeProperties.SERVED_BY_HEADER, node);
    return chain.filter(exchange);
  }
}
