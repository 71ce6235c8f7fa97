package dev.statecraft.gateway.trace;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.handler.TracingObservationHandler.TracingContext;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.observation.ServerRequestObservationContext;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;

/** Tells the access log, which knows only the connection, the trace of the request. */
final class TraceIdFilter implements WebFilter {
  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    if (ServerHttpRequestDecorator.getNativeRequest(exchange.getRequest()) instanceof Connection connection) {
      Channel channel = connection.channel();
      // A connection has one request at a time, so the id of the one before is not needed any more.
      channel.attr(TraceId.OF_REQUEST).set(traceId(exchange));
    }
    return chain.filter(exchange);
  }

  private static @Nullable String traceId(ServerWebExchange exchange) {
    TracingContext tracing = ServerRequestObservationContext.findCurrent(exchange.getAttributes())
        .<TracingContext>map(request -> request.get(TracingContext.class)).orElse(null);
    Span span = tracing == null ? null : tracing.getSpan();
    return span == null ? null : span.context().traceId();
  }
}
