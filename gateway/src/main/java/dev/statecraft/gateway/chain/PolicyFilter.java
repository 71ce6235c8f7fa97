package dev.statecraft.gateway.chain;

import dev.statecraft.gateway.settings.RouteSettings;
import java.util.function.UnaryOperator;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * A filter that declares a part of its route's policy. {@link ServiceRoutes} reads it once; it does nothing to
 * requests.
 *
 * @param declaration as in the configuration
 */
record PolicyFilter(String declaration, UnaryOperator<RouteSettings.Policy> change) implements GatewayFilter {
  @Override
  public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
    return chain.filter(exchange);
  }

  @Override
  public String toString() {
    return '[' + declaration + ']';
  }
}
