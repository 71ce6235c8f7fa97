package dev.statecraft.gateway.chain;

import dev.statecraft.gateway.forward.GatewayProblem;
import dev.statecraft.gateway.forward.RouteForwarder;
import dev.statecraft.gateway.settings.InvalidConfigurationException;
import java.net.URI;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.Ordered;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** The last filter of routes to {@code lb://name}: forwards the request to a node of the service. */
final class ServiceRoutingFilter implements GlobalFilter, Ordered {
  private static final Logger log = LoggerFactory.getLogger(ServiceRoutingFilter.class);

  private final ServiceRoutes routes;

  ServiceRoutingFilter(ServiceRoutes routes) {
    this.routes = routes;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
    URI url = exchange.getAttribute(ServerWebExchangeUtils.GATEWAY_REQUEST_URL_ATTR);
    Route route = exchange.getAttribute(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR);
    if (url == null || route == null || ServerWebExchangeUtils.isAlreadyRouted(exchange)
        || "forward".equals(url.getScheme())) {
      return chain.filter(exchange);
    }
    String service = ServiceRoutes.service(url,
        exchange.getAttribute(ServerWebExchangeUtils.GATEWAY_SCHEME_PREFIX_ATTR));
    if (service == null) {
      log.warn("Route {}: a filter set the target {}, but the gateway forwards to lb://NAME only", route.getId(), url);
      return Mono.error(new GatewayProblem(HttpStatus.BAD_GATEWAY, "The route has no service."));
    }
    RouteForwarder forwarder;
    try {
      forwarder = routes.forwarder(route, service);
    } catch (InvalidConfigurationException e) {
      log.warn("{}", e.getMessage());
      return Mono.error(new GatewayProblem(HttpStatus.BAD_GATEWAY, "The route has no service."));
    }
    ServerWebExchangeUtils.setAlreadyRouted(exchange);
    return forwarder.filtered(exchange);
  }

  @Override
  public int getOrder() {
    return LOWEST_PRECEDENCE;
  }
}
