package dev.statecraft.gateway.route;

import dev.statecraft.gateway.client.ClientSettings;
import dev.statecraft.gateway.client.Drain;
import dev.statecraft.gateway.client.TrustedProxies;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.cloud.gateway.config.GlobalCorsProperties;
import org.springframework.cloud.gateway.handler.AsyncPredicate;
import org.springframework.cloud.gateway.handler.FilteringWebHandler;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;
import tools.jackson.databind.json.JsonMapper;

/** Puts the route table into Spring Cloud Gateway. */
@Configuration(proxyBeanMethods = false)
public class GatewayConfiguration {
  /** One event loop for each core: they never wait, so more would only take turns. At least two, for a probe's sake. */
  @Bean
  ReactorResourceFactory reactorResourceFactory() {
    ReactorResourceFactory resources = new ReactorResourceFactory();
    resources.setUseGlobalResources(false);
    resources.setLoopResourcesSupplier(
        () -> LoopResources.create("gateway", Math.max(2, Runtime.getRuntime().availableProcessors()), true));
    // Nothing is left to wait for once the server has drained.
    resources.setShutdownQuietPeriod(Duration.ZERO);
    return resources;
  }

  @Bean
  GatewayMetrics gatewayMetrics(MeterRegistry registry) {
    return new GatewayMetrics(registry);
  }

  @Bean
  GatewaySettings gatewaySettings(Environment environment) {
    return SettingsCheck.read(environment);
  }

  @Bean
  ClientSettings clientSettings(GatewaySettings settings) {
    return settings.client();
  }

  @Bean
  Drain drain(Environment environment) {
    return new Drain(SettingsCheck.drain(environment));
  }

  /** Made for the first route that watches Kubernetes: configured as kubectl is, or by the pod's service account. */
  @Bean
  @Lazy
  @ConditionalOnMissingBean
  KubernetesClient kubernetesClient() {
    return new KubernetesClientBuilder().build();
  }

  @Bean
  EventLoops eventLoops(ReactorResourceFactory resources) {
    return new EventLoops(resources.getLoopResources());
  }

  @Bean
  GatewayServices gatewayTools(GatewayMetrics metrics, JsonMapper json, TrustedProxies proxies) {
    return new GatewayServices(metrics, json, proxies, Schedulers.parallel(), System::nanoTime);
  }

  @Bean
  FailureWarmUp rehearsal(GatewaySettings settings, GatewayServices tools, EventLoops loops) {
    return new FailureWarmUp(settings.rehearsal(), tools, loops);
  }

  @Bean
  RouteTable routeTable(GatewaySettings settings, GatewayMetrics metrics, EventLoops loops,
      ObjectProvider<KubernetesClient> kubernetes) {
    return RouteTable.open(settings, metrics, new NodeSources(loops, kubernetes::getObject));
  }

  @Bean
  RouteLocator statecraftRoutes(RouteTable table, GatewayServices tools) {
    List<Route> routes = table.routes().stream().map(route -> route(route, tools)).toList();
    return () -> Flux.fromIterable(routes);
  }

  @Bean
  RouteMapping routeMapping(RouteTable table, RouteLocator statecraftRoutes, FilteringWebHandler handler,
      RouteLocator cachedCompositeRouteLocator, GlobalCorsProperties cors, Environment environment) {
    return new RouteMapping(table, statecraftRoutes.getRoutes().toIterable(), handler, cachedCompositeRouteLocator,
        cors,
        environment);
  }

  @Bean
  ProblemHandler problemHandler(JsonMapper json) {
    return new ProblemHandler(json);
  }

  private static Route route(ServedRoute served, GatewayServices tools) {
    AsyncPredicate<ServerWebExchange> serves = exchange -> Mono
        .just(served.serves(exchange.getRequest().getURI().getRawPath()));
    return Route.async().id(served.id()).uri("lb://" + served.id()).asyncPredicate(serves)
        .filter(new RouteForwarder(served, tools)).build();
  }
}
