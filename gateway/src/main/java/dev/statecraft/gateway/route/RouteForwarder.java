package dev.statecraft.gateway.route;

import dev.statecraft.gateway.affinity.UserChoice;
import dev.statecraft.gateway.client.ForwardedClient;
import dev.statecraft.gateway.client.RequestPath;
import dev.statecraft.gateway.resilience.AttemptFailure;
import io.netty.handler.codec.http.HttpMethod;
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
 * Ends the filter chain of a route: admits the request, or refuses it before it can cost a node anything, and forwards
 * it.
 */
final class RouteForwarder implements GatewayFilter {
  /** Under the prefix: what {@code user-choice} offers. */
  private static final String OFFER = "/.statecraft/nodes";

  private final ServedRoute route;
  private final GatewayServices tools;

  RouteForwarder(ServedRoute route, GatewayServices tools) {
    this.route = route;
    this.tools = tools;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
    HttpServerRequest request = ServerHttpRequestDecorator.getNativeRequest(exchange.getRequest());
    String target = RequestPath.strip(request.uri(), route.settings().prefix());
    if (isHidden(target)) {
      return Mono.error(new GatewayProblem(HttpStatus.NOT_FOUND, "No route serves this path.", 0));
    }
    ForwardedClient client = tools.proxies().facts(request);
    Duration wait = route.rateLimit().take(client.address());
    if (!wait.isZero()) {
      tools.metrics().refused(route.id(), "rate-limit");
      return Mono.error(new GatewayProblem(HttpStatus.TOO_MANY_REQUESTS, "There were too many requests.",
          Math.toIntExact(wait.toSeconds() + 1)));
    }
    UserChoice choice = route.choice();
    if (choice != null && target.equals(OFFER) && request.method().equals(HttpMethod.GET)) {
      return offer(exchange, choice);
    }
    try {
      return guarded(new ProxyExchange(route, exchange, request, client, target, tools));
    } catch (GatewayProblem refusal) {
      return Mono.error(refusal);
    }
  }

  private Mono<Void> guarded(ProxyExchange forwarding) {
    return switch (route.guard().enter()) {
      case BUSY -> refuse("bulkhead", "Too many requests are under way.");
      case BROKEN -> refuse("circuit", "The service does not answer; it is given time.");
      case ADMITTED -> {
        long start = tools.nanoTime().getAsLong();
        yield forwarding.run().doOnSuccess(done -> route.guard().answered(tools.nanoTime().getAsLong() - start))
            .doOnError(error -> ended(forwarding, error, start)).doOnCancel(() -> route.guard().abandoned());
      }
    };
  }

  private void ended(ProxyExchange forwarding, Throwable error, long start) {
    AttemptFailure worst = forwarding.worst();
    if (worst == null || worst.kind() == AttemptFailure.Kind.EXHAUSTED) {
      route.guard().abandoned();
    } else {
      route.guard().failed(tools.nanoTime().getAsLong() - start, error);
    }
  }

  private Mono<Void> refuse(String reason, String detail) {
    tools.metrics().refused(route.id(), reason);
    return Mono.error(new GatewayProblem(HttpStatus.SERVICE_UNAVAILABLE, detail + " The request was not sent.", 1));
  }

  private boolean isHidden(String target) {
    String hidden = route.settings().hiddenPath();
    if (hidden.isEmpty()) {
      return false;
    }
    String path = RequestPath.canonical(target);
    return path.startsWith(hidden) && (path.length() == hidden.length() || path.charAt(hidden.length()) == '/');
  }

  private Mono<Void> offer(ServerWebExchange exchange, UserChoice choice) {
    byte[] body = tools.json().writeValueAsBytes(Map.of("nodes", choice.offers(route.pool().candidates())));
    HttpHeaders headers = exchange.getResponse().getHeaders();
    headers.setContentType(MediaType.APPLICATION_JSON);
    headers.setContentLength(body.length);
    headers.setCacheControl(CacheControl.noStore());
    return exchange.getResponse().writeWith(Mono.just(exchange.getResponse().bufferFactory().wrap(body)));
  }
}
