package dev.statecraft.gateway.forward;

import dev.statecraft.gateway.affinity.UserChoiceAffinity;
import dev.statecraft.gateway.client.ForwardedClient;
import dev.statecraft.gateway.resilience.RetryBudget;
import java.time.Duration;
import java.util.Map;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

/**
 * The last filter of a route. Rejects requests that the route does not admit, before they cost a node anything, and
 * forwards the others.
 */
public final class RouteForwarder implements GatewayFilter {
  private final ServedRoute route;
  private final GatewayServices services;
  private final RouteAdmission admission;

  public RouteForwarder(ServedRoute route, GatewayServices services) {
    this.route = route;
    this.services = services;
    this.admission = new RouteAdmission(route, services);
  }

  /** Forwards a request of a route with a prefix. */
  @Override
  public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
    String prefix = route.settings().prefix();
    if (FilteredExchange.of(exchange) != null) {
      return filtered(exchange, prefix);
    }
    HttpServerRequest request = ServerHttpRequestDecorator.getNativeRequest(exchange.getRequest());
    return forward(exchange, ClientRequest.received(request, prefix), new DirectOutlet(exchange.getResponse()));
  }

  /** Forwards a request as the filters before left it, and leaves the head of the answer to the filters after. */
  public Mono<Void> filtered(ServerWebExchange exchange) {
    return filtered(exchange, "");
  }

  private Mono<Void> filtered(ServerWebExchange exchange, String prefix) {
    ClientRequest request = ClientRequest.filtered(exchange, prefix);
    RetryBudget budget = route.retryBudget();
    if (FilteredExchange.startForwarding(exchange, route) && !budget.tryRetry()) {
      return Mono.error(
          new GatewayProblem(HttpStatus.SERVICE_UNAVAILABLE, "The retry budget of the route is exhausted.", 1));
    }
    return FilteredExchange.forward(exchange, outlet -> forward(exchange, request, outlet)).doOnTerminate(() -> {
      if (budget.available() < 1) {
        FilteredExchange.preventRepeat(exchange);
      }
    });
  }

  private Mono<Void> forward(ServerWebExchange exchange, ClientRequest request, Outlet outlet) {
    if (admission.hides(request.target())) {
      return Mono.error(new GatewayProblem(HttpStatus.NOT_FOUND, "No route serves this path."));
    }
    HttpServerRequest received = request.received();
    ForwardedClient client = services.proxies().resolve(received);
    try {
      admission.count(client);
      UserChoiceAffinity choice = route.choice();
      if (choice != null && admission.offersNodes(request.method(), request.target())) {
        return offer(exchange, choice);
      }
      Duration timeLimit = admission.timeLimit(client, received.requestHeaders());
      return new ProxyExchange(route, exchange, request, outlet, client, timeLimit, services).run();
    } catch (GatewayProblem notAdmitted) {
      return Mono.error(notAdmitted);
    }
  }

  private Mono<Void> offer(ServerWebExchange exchange, UserChoiceAffinity choice) {
    byte[] body = services.json().writeValueAsBytes(Map.of("nodes", choice.offers(route.pool().candidates())));
    HttpHeaders headers = exchange.getResponse().getHeaders();
    headers.setContentType(MediaType.APPLICATION_JSON);
    headers.setContentLength(body.length);
    headers.setCacheControl(CacheControl.noStore());
    return exchange.getResponse().writeWith(Mono.just(exchange.getResponse().bufferFactory().wrap(body)));
  }
}
