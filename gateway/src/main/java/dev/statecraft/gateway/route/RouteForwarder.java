package dev.statecraft.gateway.route;

import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Ends the filter chain of a route: forwards the request to one of its nodes. */
final class RouteForwarder implements GatewayFilter {
  private final ServedRoute route;
  private final GatewayMetrics metrics;

  RouteForwarder(ServedRoute route, GatewayMetrics metrics) {
    this.route = route;
    this.metrics = metrics;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
    return new Forwarding(route, exchange, metrics, System::nanoTime).run();
  }
}
