package dev.statecraft.gateway.chain;

import dev.statecraft.gateway.settings.InvalidConfigurationException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.cloud.gateway.config.GatewayProperties;
import org.springframework.cloud.gateway.filter.FilterDefinition;
import org.springframework.cloud.gateway.filter.factory.GatewayFilterFactory;
import org.springframework.cloud.gateway.handler.predicate.PredicateDefinition;
import org.springframework.cloud.gateway.handler.predicate.RoutePredicateFactory;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.route.RouteDefinition;
import org.springframework.cloud.gateway.route.RouteDefinitionLocator;
import org.springframework.cloud.gateway.route.RouteDefinitionRouteLocator;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.cloud.gateway.support.ConfigurationService;
import reactor.core.publisher.Flux;

/**
 * Refuses, before the gateway serves, each route that it could not serve as configured. The message names the route,
 * and the filter, predicate or service.
 */
@SuppressWarnings("rawtypes") // Spring's own API uses the raw types.
final class RouteDefinitionCheck implements SmartInitializingSingleton {
  private static final String UNBOUNDED = "it would hold whole bodies outside the gateway's memory limit";
  private static final String DYNAMIC = "the gateway forwards to services of its configuration only";
  /** Filters and predicates that are refused although, or unless, the application has them. */
  private static final Map<String, String> REFUSED = Map.of("CacheRequestBody", UNBOUNDED, "ModifyRequestBody",
      UNBOUNDED, "ModifyResponseBody", UNBOUNDED, "RemoveJsonAttributesResponseBody", UNBOUNDED,
      "ReadBodyPredicateFactory", UNBOUNDED, "ReadBody", UNBOUNDED, "SetRequestUri", DYNAMIC,
      "RequestHeaderToRequestUri", DYNAMIC, "JsonToGrpc", "the gateway has no HTTP/2");
  private static final Map<String, String> HINTS = Map.of("RequestRateLimiter",
      "; set spring.data.redis.host or url, or use protection.rate-per-second of the service",
      "TokenRelay", "; it needs an OAuth2 client of the application", "LocalResponseCache",
      "; the gateway does not cache", "Weight",
      "; set spring.cloud.gateway.server.webflux.predicate.weight.enabled=true");

  private final RouteDefinitionLocator definitions;
  private final RouteLocator routes;
  private final List<RoutePredicateFactory> predicates;
  private final Set<String> predicateNames;
  private final List<GatewayFilterFactory> filters;
  private final Set<String> filterNames;
  private final GatewayProperties properties;
  private final ConfigurationService configuration;
  private final ServiceRoutes services;
  private final Set<String> ownRoutes;

  RouteDefinitionCheck(RouteDefinitionLocator definitions, RouteLocator routes, List<RoutePredicateFactory> predicates,
      List<GatewayFilterFactory> filters, GatewayProperties properties, ConfigurationService configuration,
      ServiceRoutes services, Set<String> ownRoutes) {
    this.definitions = definitions;
    this.routes = routes;
    this.predicates = predicates;
    this.predicateNames = predicates.stream().map(RoutePredicateFactory::name).collect(Collectors.toSet());
    this.filters = filters;
    this.filterNames = filters.stream().map(GatewayFilterFactory::name).collect(Collectors.toSet());
    this.properties = properties;
    this.configuration = configuration;
    this.services = services;
    this.ownRoutes = ownRoutes;
  }

  @Override
  public void afterSingletonsInstantiated() {
    Set<String> ids = new TreeSet<>(ownRoutes);
    for (RouteDefinition definition : definitions.getRouteDefinitions().toIterable()) {
      check(definition);
      if (!ids.add(String.valueOf(definition.getId()))) {
        throw new InvalidConfigurationException("route " + definition.getId() + ": another route has the same id");
      }
    }
    // Routes of the application's own code are checked too.
    for (Route route : routes.getRoutes().toIterable()) {
      if (!ownRoutes.contains(route.getId())) {
        services.check(route);
      }
    }
  }

  private void check(RouteDefinition definition) {
    String at = "route " + definition.getId() + ": ";
    List<FilterDefinition> used = new ArrayList<>(properties.getDefaultFilters());
    used.addAll(definition.getFilters());
    used.forEach(filter -> require(at + "filter ", String.valueOf(filter.getName()), filterNames));
    for (PredicateDefinition predicate : definition.getPredicates()) {
      require(at + "predicate ", String.valueOf(predicate.getName()), predicateNames);
    }
    Route route;
    try {
      route = new RouteDefinitionRouteLocator(() -> Flux.just(definition), predicates, filters, properties,
          configuration).getRoutes().blockFirst();
    } catch (RuntimeException e) {
      throw new InvalidConfigurationException(at + InvalidConfigurationException.reasonOf(e));
    }
    if (route != null) {
      services.check(route);
    }
  }

  private static void require(String at, String name, Set<String> known) {
    String reason = REFUSED.get(name);
    if (reason != null) {
      throw new InvalidConfigurationException(at + name + " is not supported: " + reason);
    }
    if (!known.contains(name)) {
      throw new InvalidConfigurationException(at + name + " is not available" + HINTS.getOrDefault(name, ""));
    }
  }
}
