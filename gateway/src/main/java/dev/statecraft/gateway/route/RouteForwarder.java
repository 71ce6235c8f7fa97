package dev.statecraft.gateway.route;

import dev.statecraft.gateway.affinity.UserChoice;
import java.util.Map;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** Ends the filter chain of a route: forwards the request to one of its nodes. */
final class RouteForwarder implements GatewayFilter {
  /** Under the prefix: what {@code user-choice} offers. */
  private static final String OFFER = "/.statecraft/nodes";

  private final ServedRoute route;
  private final GatewayMetrics metrics;
  private final JsonMapper json;

  RouteForwarder(ServedRoute route, GatewayMetrics metrics, JsonMapper json) {
    this.route = route;
    this.metrics = metrics;
    this.json = json;
  }

  private boolean isOffer(ServerWebExchange exchange) {
    return exchange.getRequest().getMethod().equals(HttpMethod.GET)
        && exchange.getRequest().getURI().getRawPath().equals(route.settings().prefix() + OFFER);
  }

  private Mono<Void> offer(ServerWebExchange exchange, UserChoice choice) {
    byte[] body = json.writeValueAsBytes(Map.of("nodes", choice.offers(route.pool().candidates())));
    HttpHeaders headers = exchange.getResponse().getHeaders();
    headers.setContentType(MediaType.APPLICATION_JSON);
    headers.setContentLength(body.length);
    headers.setCacheControl(CacheControl.noStore());
    return exchange.getResponse().writeWith(Mono.just(exchange.getResponse().bufferFactory().wrap(body)));
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
    UserChoice choice = route.choice();
    if (choice != null && isOffer(exchange)) {
      return offer(exchange, choice);
    }
    return new Forwarding(route, exchange, metrics, json, System::nanoTime).run();
  }
}
