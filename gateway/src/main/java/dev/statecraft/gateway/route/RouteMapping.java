package dev.statecraft.gateway.route;

import dev.statecraft.gateway.forward.ServedRoute;
import java.util.HashMap;
import java.util.Map;
import org.springframework.cloud.gateway.config.GlobalCorsProperties;
import org.springframework.cloud.gateway.handler.FilteringWebHandler;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.core.env.Environment;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Finds the route of a request by one look-up in the gateway's own route table, before Spring Cloud Gateway tries the
 * predicates of its routes in turn.
 */
final class RouteMapping extends RouteHandlerMapping {
  private static final int BEFORE_ACTUATOR = -1000;

  private final RouteTable table;
  private final Map<String, Route> routes = new HashMap<>();

  RouteMapping(RouteTable table, Iterable<Route> routes, FilteringWebHandler handler, RouteLocator locator,
      GlobalCorsProperties cors, Environment environment) {
    super(handler, locator, cors, environment);
    this.table = table;
    // A prefix of the table never starts with /actuator.
    setOrder(BEFORE_ACTUATOR);
    routes.forEach(route -> this.routes.put(route.getId(), route));
  }

  @Override
  protected Mono<Route> lookupRoute(ServerWebExchange exchange) {
    ServedRoute served = table.find(exchange.getRequest().getURI().getRawPath());
    return served == null ? Mono.empty() : Mono.justOrEmpty(routes.get(served.id()));
  }
}
