package dev.statecraft.gateway.forward;

import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.filter.factory.RetryGatewayFilterFactory;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * An exchange whose filters see the head of the answer before it is written. The last filter runs {@link #forward},
 * which ends with the head of an answer; when the filters after it have changed that, {@link #deliver} writes it. A
 * filter that repeats a request, or replaces its answer, discards the first one. A request's body of up to 64 KiB is
 * kept until the exchange ends, so that it can be sent again. Confined to one request.
 */
public final class FilteredExchange {
  private static final String ATTRIBUTE = FilteredExchange.class.getName();

  private @Nullable RequestBody body;
  private @Nullable ServedRoute forwardedTo;
  private boolean repeated;

  private FilteredExchange() {}

  /** Opens the filtered exchange, or returns null if it is open: a filter forwarded the exchange to another route. */
  public static @Nullable FilteredExchange open(ServerWebExchange exchange) {
    if (exchange.getAttribute(ATTRIBUTE) != null) {
      return null;
    }
    FilteredExchange opened = new FilteredExchange();
    exchange.getAttributes().put(ATTRIBUTE, opened);
    return opened;
  }

  /** Returns the filtered exchange; null if answers are written at once. */
  static @Nullable FilteredExchange of(ServerWebExchange exchange) {
    return exchange.getAttribute(ATTRIBUTE);
  }

  /** Returns the body of the request, which is read once. */
  RequestBody body(Supplier<RequestBody> made) {
    RequestBody known = body;
    if (known == null) {
      known = made.get();
      body = known;
    }
    return known;
  }

  /** Records a forwarding. Returns whether a filter repeats the request to the same route. */
  static boolean startForwarding(ServerWebExchange exchange, ServedRoute route) {
    FilteredExchange filtered = of(exchange);
    if (filtered == null) {
      return false;
    }
    filtered.repeated = route.equals(filtered.forwardedTo);
    filtered.forwardedTo = route;
    return filtered.repeated;
  }

  /** Tells whether a filter repeats the request. */
  boolean isRepeated() {
    return repeated;
  }

  /** Makes filters pass on the answer, whatever it is, because the request cannot be sent again. */
  static void preventRepeat(ServerWebExchange exchange) {
    exchange.getAttributes().put(RetryGatewayFilterFactory.RETRY_ITERATION_KEY, Integer.MAX_VALUE - 1);
  }

  /** Forwards the request, and completes when the head of an answer is known or an answer was written. */
  static Mono<Void> forward(ServerWebExchange exchange, Function<Outlet, Mono<Void>> forwarding) {
    discard(exchange);
    return Mono.create(headKnown -> {
      PendingAnswer answer = new PendingAnswer(exchange, headKnown);
      headKnown.onCancel(answer);
      answer.run(forwarding.apply(answer));
    });
  }

  /** Writes the answer that the last filter left, if there is one. */
  public static Mono<Void> deliver(ServerWebExchange exchange) {
    PendingAnswer answer = pending(exchange);
    if (answer == null) {
      return Mono.empty();
    }
    exchange.getAttributes().remove(ServerWebExchangeUtils.CLIENT_RESPONSE_CONN_ATTR);
    return answer.deliver(exchange.getResponse());
  }

  /** Ends the exchange. */
  public void close(ServerWebExchange exchange) {
    discard(exchange);
    RequestBody known = body;
    if (known != null) {
      known.close();
    }
  }

  private static void discard(ServerWebExchange exchange) {
    if (pending(exchange) != null) {
      ServerWebExchangeUtils.reset(exchange);
    }
  }

  private static @Nullable PendingAnswer pending(ServerWebExchange exchange) {
    Object connection = exchange.getAttribute(ServerWebExchangeUtils.CLIENT_RESPONSE_CONN_ATTR);
    return connection instanceof PendingAnswer answer ? answer : null;
  }
}
