package dev.statecraft.gateway.route;

import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.config.GlobalCorsProperties;
import org.springframework.cloud.gateway.handler.FilteringWebHandler;
import org.springframework.cloud.gateway.handler.RoutePredicateHandlerMapping;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.core.env.Environment;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.reactive.CorsUtils;
import org.springframework.web.cors.reactive.DefaultCorsProcessor;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Maps requests to routes, as Spring Cloud Gateway does. It answers a CORS preflight request if the configuration has
 * CORS rules for its path. If it has none, the service answers; Spring Cloud Gateway would answer 200 without any rule.
 */
public class RouteHandlerMapping extends RoutePredicateHandlerMapping {
  private static final String WITHOUT_RULES = RouteHandlerMapping.class.getName() + ".withoutRules";

  private final FilteringWebHandler handler;

  @SuppressWarnings("this-escape") // The setter stores the processor only.
  public RouteHandlerMapping(FilteringWebHandler handler, RouteLocator locator, GlobalCorsProperties cors,
      Environment environment) {
    super(handler, locator, cors, environment);
    this.handler = handler;
    setCorsProcessor(new DefaultCorsProcessor() {
      @Override
      public boolean process(@Nullable CorsConfiguration rules, ServerWebExchange exchange) {
        if (rules == null) {
          exchange.getAttributes().put(WITHOUT_RULES, true);
          return true;
        }
        return super.process(rules, exchange);
      }
    });
  }

  @Override
  public Mono<Object> getHandler(ServerWebExchange exchange) {
    Mono<Object> found = super.getHandler(exchange);
    return CorsUtils.isPreFlightRequest(exchange.getRequest())
        // The dispatcher does not run the handler of a preflight request.
        ? found.flatMap(mapped -> exchange.getAttributes().remove(WITHOUT_RULES) == null
            ? Mono.just(mapped)
            : handler.handle(exchange).thenReturn(mapped))
        : found;
  }
}
