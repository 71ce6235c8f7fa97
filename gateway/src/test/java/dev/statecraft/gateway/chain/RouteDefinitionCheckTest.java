package dev.statecraft.gateway.chain;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.statecraft.gateway.TestGateway;
import dev.statecraft.gateway.settings.InvalidConfigurationException;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.cloud.gateway.config.GatewayProperties;
import org.springframework.cloud.gateway.filter.FilterDefinition;
import org.springframework.cloud.gateway.filter.factory.GatewayFilterFactory;
import org.springframework.cloud.gateway.handler.predicate.PredicateDefinition;
import org.springframework.cloud.gateway.handler.predicate.RoutePredicateFactory;
import org.springframework.cloud.gateway.route.RouteDefinition;
import org.springframework.cloud.gateway.support.ConfigurationService;
import org.springframework.context.ApplicationContext;
import reactor.core.publisher.Flux;

/** A route that the gateway cannot serve stops the start, and the message names what it is. */
class RouteDefinitionCheckTest {
  private static final String SERVICE = "statecraft.gateway.services.shop.nodes.one=http://127.0.0.1:1";

  private static TestGateway gateway;

  @BeforeAll
  static void start() {
    gateway = TestGateway.start(List.of(SERVICE));
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "lb://cart||lb://cart names no service: define statecraft.gateway.services.cart",
    "lb://my_cart||uri lb://my_cart must be lb://NAME", "http://127.0.0.1:1||uri http://127.0.0.1:1 is not supported",
    "lb:tcp://shop||uri lb:tcp://shop is not supported", "lb://shop|Sparkle=1|filter Sparkle is not available",
    "lb://shop|RequestRateLimiter=1|filter RequestRateLimiter is not available; set spring.data.redis",
    "lb://shop|TokenRelay=|filter TokenRelay is not available; it needs",
    "lb://shop|CacheRequestBody=java.lang.String|filter CacheRequestBody is not supported",
    "lb://shop|SetRequestUri=http://evil.example|filter SetRequestUri is not supported", "lb://shop|Affinity=sticky|",
    "lb://shop|Affinity=network|networks is empty", "lb://shop|RetryBudget=2|protection.retry-budget must be",
    "lb://shop|StripPrefix=many|"})
  void routeIsRefusedByName(String uri, @Nullable String filter, @Nullable String message) {
    RouteDefinition route = route(uri);
    if (filter != null) {
      route.getFilters().add(new FilterDefinition(filter));
    }
    assertRefused(route, message == null ? "" : message);
  }

  @Test
  void predicateIsRefusedByName() {
    RouteDefinition route = route("lb://shop");
    route.getPredicates().add(new PredicateDefinition("Weight=group, 1"));
    assertRefused(route, "predicate Weight is not available; set");
  }

  @Test
  void metadataIsRefusedByName() {
    RouteDefinition route = route("lb://shop");
    route.getMetadata().put("connect-timeout", 100);
    assertRefused(route, "metadata connect-timeout is not supported");
    route.setMetadata(new HashMap<>(Map.of("canary", Map.of("v2", "few"))));
    assertRefused(route, "metadata canary must be whole percentages by group");
    route.setMetadata(new HashMap<>(Map.of("canary", Map.of("v2", 5))));
    assertRefused(route, "canary.v2 names no group");
  }

  @Test
  void startIsRefused() {
    String route = "spring.cloud.gateway.server.webflux.routes[0].";
    assertThatThrownBy(
        () -> TestGateway
            .start(List.of(SERVICE, route + "id=bad", route + "uri=lb://shop", route + "predicates[0]=Path=/bad",
                route + "filters[0]=Sparkle=1"))
            .close())
        .isInstanceOf(InvalidConfigurationException.class).hasMessage("route bad: filter Sparkle is not available");
  }

  private static RouteDefinition route(String uri) {
    RouteDefinition route = new RouteDefinition();
    route.setId("bad");
    route.setUri(URI.create(uri));
    route.getPredicates().add(new PredicateDefinition("Path=/bad/**"));
    return route;
  }

  @SuppressWarnings("rawtypes") // Spring's own API uses the raw types.
  private static void assertRefused(RouteDefinition route, String message) {
    ApplicationContext context = gateway.context();
    List<RoutePredicateFactory> predicates = List
        .copyOf(context.getBeansOfType(RoutePredicateFactory.class).values());
    List<GatewayFilterFactory> filters = List.copyOf(context.getBeansOfType(GatewayFilterFactory.class).values());
    RouteDefinitionCheck check = new RouteDefinitionCheck(() -> Flux.just(route), Flux::empty, predicates, filters,
        context.getBean(GatewayProperties.class), context.getBean(ConfigurationService.class),
        context.getBean(ServiceRoutes.class), Set.of());
    assertThatThrownBy(check::afterSingletonsInstantiated).isInstanceOf(InvalidConfigurationException.class)
        .hasMessageStartingWith("route bad: " + message).hasMessageNotContaining("\n");
  }
}
