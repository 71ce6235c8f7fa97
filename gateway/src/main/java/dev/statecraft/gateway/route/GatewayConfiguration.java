package dev.statecraft.gateway.route;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.cloud.gateway.handler.AsyncPredicate;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** Puts the route table into Spring Cloud Gateway. */
@Configuration(proxyBeanMethods = false)
public class GatewayConfiguration {
  @Bean
  GatewayMetrics gatewayMetrics(MeterRegistry registry) {
    return new GatewayMetrics(registry);
  }

  @Bean
  GatewaySettings gatewaySettings(Environment environment) {
    return SettingsCheck.read(environment);
  }

  @Bean
  RouteTable routeTable(GatewaySettings settings, GatewayMetrics metrics) {
    return RouteTable.open(settings, metrics);
  }

  @Bean
  RouteLocator statecraftRoutes(RouteTable table, GatewayMetrics metrics, JsonMapper json) {
    Flux<Route> routes = Flux.fromStream(table.routes().stream().map(route -> route(route, metrics, json))).cache();
    return () -> routes;
  }

  @Bean
  ProblemHandler problemHandler(JsonMapper json) {
    return new ProblemHandler(json);
  }

  private static Route route(ServedRoute served, GatewayMetrics metrics, JsonMapper json) {
    AsyncPredicate<org.springframework.web.server.ServerWebExchange> serves = exchange -> Mono
        .just(served.serves(exchange.getRequest().getURI().getRawPath()));
    return Route.async().id(served.id()).uri("lb://" + served.id()).asyncPredicate(serves)
        .filter(new RouteForwarder(served, metrics, json)).build();
  }
}
