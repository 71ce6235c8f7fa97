package dev.statecraft.gateway.chain;

import dev.statecraft.gateway.forward.GatewayServices;
import dev.statecraft.gateway.forward.ServedRoute;
import dev.statecraft.gateway.route.RouteHandlerMapping;
import dev.statecraft.gateway.route.RouteTable;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.cloud.gateway.config.GatewayProperties;
import org.springframework.cloud.gateway.config.GlobalCorsProperties;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.filter.factory.GatewayFilterFactory;
import org.springframework.cloud.gateway.handler.FilteringWebHandler;
import org.springframework.cloud.gateway.handler.predicate.RoutePredicateFactory;
import org.springframework.cloud.gateway.route.RouteDefinitionLocator;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.cloud.gateway.support.ConfigurationService;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.Environment;
import org.springframework.web.reactive.accept.ApiVersionStrategy;

/** Makes the gateway serve the routes of Spring Cloud Gateway. */
@Configuration(proxyBeanMethods = false)
class ChainConfiguration {
  @Bean
  ServiceRoutes serviceRoutes(RouteTable table, GatewayServices services) {
    return new ServiceRoutes(table, services);
  }

  @Bean
  AnswerWritingFilter answerWritingFilter() {
    return new AnswerWritingFilter();
  }

  @Bean
  ServiceRoutingFilter serviceRoutingFilter(ServiceRoutes routes) {
    return new ServiceRoutingFilter(routes);
  }

  @Bean
  FilteringWebHandler filteringWebHandler(List<GlobalFilter> globalFilters) {
    return new RouteFilters(globalFilters);
  }

  /** The mapping of Spring Cloud Gateway's routes, after the actuator and the application's controllers. */
  @Bean
  @Primary
  RouteHandlerMapping routePredicateHandlerMapping(FilteringWebHandler handler, RouteLocator routes,
      GlobalCorsProperties cors, Environment environment, ObjectProvider<ApiVersionStrategy> versions) {
    RouteHandlerMapping mapping = new RouteHandlerMapping(handler, routes, cors, environment);
    versions.ifAvailable(mapping::setApiVersionStrategy);
    return mapping;
  }

  @Bean
  @SuppressWarnings("rawtypes") // Spring's own API uses the raw types.
  RouteDefinitionCheck routeDefinitionCheck(RouteDefinitionLocator definitions, RouteLocator routes,
      List<RoutePredicateFactory> predicates, List<GatewayFilterFactory> filters, GatewayProperties properties,
      ConfigurationService configuration, ServiceRoutes services, RouteTable table) {
    return new RouteDefinitionCheck(definitions, routes, predicates, filters, properties, configuration, services,
        table.routes().stream().map(ServedRoute::id).collect(Collectors.toSet()));
  }

  @Bean
  AffinityGatewayFilterFactory affinityGatewayFilterFactory() {
    return new AffinityGatewayFilterFactory();
  }

  @Bean
  BalanceGatewayFilterFactory balanceGatewayFilterFactory() {
    return new BalanceGatewayFilterFactory();
  }

  @Bean
  RetryBudgetGatewayFilterFactory retryBudgetGatewayFilterFactory() {
    return new RetryBudgetGatewayFilterFactory();
  }
}
