package dev.statecraft.gateway.route;

import dev.statecraft.gateway.client.ClientSettings;
import dev.statecraft.gateway.client.Drain;
import dev.statecraft.gateway.client.TrustedProxies;
import dev.statecraft.gateway.forward.GatewayServices;
import dev.statecraft.gateway.forward.ProblemHandler;
import dev.statecraft.gateway.forward.RouteForwarder;
import dev.statecraft.gateway.forward.ServedRoute;
import dev.statecraft.gateway.metrics.GatewayMetrics;
import dev.statecraft.gateway.resilience.MemoryBudget;
import dev.statecraft.gateway.settings.GatewaySettings;
import dev.statecraft.gateway.settings.SettingsCheck;
import dev.statecraft.gateway.trace.AttemptTracing;
import dev.statecraft.gateway.upstream.EventLoops;
import dev.statecraft.gateway.upstream.NodeSources;
import dev.statecraft.gateway.websocket.WebSockets;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.ssl.SslBundles;
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
import reactor.netty.resources.LoopResources;
import tools.jackson.databind.json.JsonMapper;

/** Connects the route table to Spring Cloud Gateway. */
@Configuration(proxyBeanMethods = false)
public class GatewayConfiguration {
  /** One event loop for each core, because loops never wait; at least two, so that probes have one. */
  @Bean
  ReactorResourceFactory reactorResourceFactory() {
    ReactorResourceFactory resources = new ReactorResourceFactory();
    resources.setUseGlobalResources(false);
    resources.setLoopResourcesSupplier(
        () -> LoopResources.create("gateway", Math.max(2, Runtime.getRuntime().availableProcessors()), true));
    // After the drain no request is in flight.
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

  /**
   * Created for the first route with discovery kubernetes. Configured like kubectl, or by the pod's service account.
   */
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
  MemoryBudget memoryBudget(ClientSettings settings, GatewayMetrics metrics) {
    MemoryBudget memory = new MemoryBudget(settings.bufferLimit());
    metrics.watch(memory);
    return memory;
  }

  @Bean
  GatewayServices gatewayServices(GatewayMetrics metrics, JsonMapper json, TrustedProxies proxies,
      MemoryBudget memory, WebSockets webSockets, ObjectProvider<AttemptTracing> tracing) {
    return new GatewayServices(metrics, json, proxies, memory, webSockets,
        tracing.getIfAvailable(() -> AttemptTracing.OFF), System::nanoTime);
  }

  @Bean
  WebSockets webSockets(GatewaySettings settings, MemoryBudget memory, MeterRegistry registry) {
    int maximum = settings.websocket().maximum();
    return new WebSockets(maximum > 0 ? maximum : settings.client().connectionLimit() / 2,
        settings.websocket().idleTimeout(), memory, registry, System::nanoTime);
  }

  /** Stopped also if the start of the context fails, so that no prober is left. */
  @Bean(destroyMethod = "stop")
  RouteTable routeTable(GatewaySettings settings, GatewayMetrics metrics, EventLoops loops,
      ObjectProvider<KubernetesClient> kubernetes, ObjectProvider<SslBundles> bundles) {
    return RouteTable.open(settings, metrics, new NodeSources(loops, kubernetes::getObject, bundles::getObject));
  }

  @Bean
  RouteLocator statecraftRoutes(RouteTable table, GatewayServices services) {
    List<Route> routes = table.routes().stream().map(route -> route(route, services)).toList();
    return () -> Flux.fromIterable(routes);
  }

  @Bean
  RouteMapping routeMapping(RouteTable table, @Qualifier("statecraftRoutes") RouteLocator statecraftRoutes,
      FilteringWebHandler handler,
      RouteLocator cachedCompositeRouteLocator, GlobalCorsProperties cors, Environment environment) {
    return new RouteMapping(table, statecraftRoutes.getRoutes().toIterable(), handler, cachedCompositeRouteLocator,
        cors, environment);
  }

  /**
   * A gateway that knows no node is not ready. One whose nodes all fail is: other gateways would not serve better.
   */
  @Bean
  HealthIndicator knownNodesHealthIndicator(RouteTable table) {
    return () -> table.knowsNode()
        ? Health.up().build()
        : Health.outOfService().withDetail("reason", "no route knows a node").build();
  }

  @Bean
  ProblemHandler problemHandler(JsonMapper json) {
    return new ProblemHandler(json);
  }

  private static Route route(ServedRoute served, GatewayServices services) {
    AsyncPredicate<ServerWebExchange> serves = exchange -> Mono
        .just(served.serves(exchange.getRequest().getURI().getRawPath()));
    return Route.async().id(served.id()).uri("lb://" + served.id()).asyncPredicate(serves)
        .filter(new RouteForwarder(served, services)).build();
  }
}
