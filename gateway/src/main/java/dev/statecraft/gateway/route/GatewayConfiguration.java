package dev.statecraft.gateway.route;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.cloud.gateway.handler.AsyncPredicate;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;
import org.springframework.http.client.ReactorResourceFactory;
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

  /** Made for the first route that watches Kubernetes: configured as kubectl is, or by the pod's service account. */
  @Bean
  @Lazy
  @ConditionalOnMissingBean
  KubernetesClient kubernetesClient() {
    return new KubernetesClientBuilder().build();
  }

  @Bean
  RouteTable routeTable(GatewaySettings settings, GatewayMetrics metrics, ReactorResourceFactory resources,
      ObjectProvider<KubernetesClient> kubernetes) {
    return RouteTable.open(settings, metrics, new NodeSources(resources.getLoopResources(), kubernetes::getObject));
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
