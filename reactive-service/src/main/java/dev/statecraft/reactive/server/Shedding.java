package dev.statecraft.reactive.server;

import dev.statecraft.reactive.NodeProperties;
import dev.statecraft.reactive.AdmissionEstimator;
import dev.statecraft.reactive.client.CancelledWork;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Answers 503 at once to requests past the most that may be under way, and to all while those wait too long for a
 * processor, before Spring sees them, and most of them by {@link FastReject}. An event loop would take in every request
 * there is, and die by memory. The rest are served as {@link AdmittedRequests} says. Those for {@code /actuator} pass,
 * so that an overloaded node can still be seen, and is not taken for a dead one. Thread-safe.
 */
@Component @Order(Ordered.LOWEST_PRECEDENCE) // The last is the outermost.
class Shedding implements HttpHandlerDecoratorFactory {
  private static final byte[] PROBLEM = """
      {"title":"Service Unavailable","status":503,"detail":"Too many requests are under way; try again in a second."}"""
      .getBytes(StandardCharsets.UTF_8);
  private static final String ALWAYS_SERVED = "/actuator/";

  private final AdmissionEstimator delay;
  private final ServingLoops loops;
  private final CancelledWork cancelled;
  private final FullHttpResponse refusal;
  private final int maximum;
  private final AtomicInteger underWay = new AtomicInteger();
  private final Counter shed;

  Shedding(AdmissionEstimator delay, ServingLoops loops, CancelledWork cancelled, NodeProperties node,
      ServerProperties properties,
      MeterRegistry registry) {
    this.delay = delay;
    this.loops = loops;
    this.cancelled = cancelled;
    this.refusal = refusal(node.node());
    this.maximum = properties.maximumRequests();
    this.shed = Counter.builder("concurrency.shed").description("Requests answered 503 for want of room")
        .tag("model", "event-loop").register(registry);
    Gauge.builder("concurrency.threads.live", properties::acceptors).description("Event loops")
        .tag("model", "event-loop").register(registry);
  }

  @Override
  public HttpHandler apply(HttpHandler handler) {
    return (request, response) -> isAlwaysServed(request.getPath().value())
        ? handler.handle(request, response)
        : Mono.defer(() -> serve(handler, request, response));
  }

  private Mono<Void> serve(HttpHandler handler, ServerHttpRequest request, ServerHttpResponse response) {
    if (underWay.incrementAndGet() > maximum || delay.isTooLong()) {
      underWay.decrementAndGet();
      return refuse(response);
    }
    AtomicBoolean begun = new AtomicBoolean();
    Mono<Void> served = Mono.defer(() -> {
      begun.set(true);
      return handler.handle(request, response);
    });
    return served.subscribeOn(loops.of(request).admitted()).doOnCancel(() -> {
      if (!begun.get()) {
        cancelled.count();
      }
    }).doFinally(_ -> underWay.decrementAndGet());
  }

  static boolean isAlwaysServed(String path) {
    return path.startsWith(ALWAYS_SERVED);
  }

  /** Whether a request that comes now is refused. */
  boolean hasNoRoom() {
    return underWay.get() >= maximum || delay.isTooLong();
  }

  /** What a refused client is told, counted as said. */
  FullHttpResponse refusal() {
    shed.increment();
    return refusal.retainedDuplicate();
  }

  private Mono<Void> refuse(ServerHttpResponse response) {
    shed.increment();
    response.setStatusCode(HttpStatus.SERVICE_UNAVAILABLE);
    refusal.headers().forEach(header -> response.getHeaders().set(header.getKey(), header.getValue()));
    return response.writeWith(Mono.fromSupplier(() -> response.bufferFactory().wrap(PROBLEM)))
        // The answer to a HEAD has not been written yet.
        .then(Mono.defer(response::setComplete));
  }

  private static FullHttpResponse refusal(String node) {
    FullHttpResponse refusal = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1,
        HttpResponseStatus.SERVICE_UNAVAILABLE, Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(PROBLEM)));
    refusal.headers().set("X-Served-By", node).set(HttpHeaderNames.RETRY_AFTER, "1")
        .set(HttpHeaderNames.CONTENT_TYPE, MediaType.APPLICATION_PROBLEM_JSON_VALUE)
        .set(HttpHeaderNames.CONTENT_LENGTH, PROBLEM.length);
    return refusal;
  }
}
