package dev.statecraft.reactive.server;

import dev.statecraft.service.admission.AdmissionEstimator;
import dev.statecraft.service.admission.OverloadResponse;
import dev.statecraft.service.client.CancelledRequests;
import dev.statecraft.service.node.NodeProperties;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Limits the number of concurrent requests, because an event loop would accept requests until the heap is full. Above
 * the limit, and while requests wait too long for a processor, it answers 503 before Spring handles the request, or has
 * {@link FastRejectHandler} do so. Admitted requests go to {@link AdmittedRequestQueue}. Requests for {@code /actuator}
 * pass, so an overloaded node is observable and does not fail its probes. Thread-safe.
 */
@Component
@Order(Ordered.LOWEST_PRECEDENCE) // The last decorator is the outermost.
class LoadShedding implements HttpHandlerDecoratorFactory {
  private static final String MODEL = "event-loop";

  private final AdmissionEstimator estimator;
  private final RequestEventLoops loops;
  private final CancelledRequests cancelled;
  private final OverloadResponse overload;
  private final FullHttpResponse rejection;
  private final int maximum;
  private final AtomicInteger active = new AtomicInteger();

  LoadShedding(AdmissionEstimator estimator, RequestEventLoops loops, CancelledRequests cancelled, NodeProperties node,
      ServerProperties properties, MeterRegistry registry) {
    this.estimator = estimator;
    this.loops = loops;
    this.cancelled = cancelled;
    this.overload = new OverloadResponse(node, "Too many requests are being served", MODEL, registry);
    this.rejection = nettyResponse(overload);
    this.maximum = properties.maximumRequests();
    Gauge.builder("concurrency.threads.live", properties::acceptors).description("Event loops").tag("model", MODEL)
        .register(registry);
  }

  @Override
  public HttpHandler apply(HttpHandler handler) {
    return (request, response) -> OverloadResponse.isExempt(request.getPath().value())
        ? handler.handle(request, response)
        : Mono.defer(() -> serve(handler, request, response));
  }

  private Mono<Void> serve(HttpHandler handler, ServerHttpRequest request, ServerHttpResponse response) {
    if (active.incrementAndGet() > maximum || estimator.isWaitTooLong()) {
      active.decrementAndGet();
      return reject(response);
    }
    AtomicBoolean started = new AtomicBoolean();
    Mono<Void> served = Mono.defer(() -> {
      started.set(true);
      return handler.handle(request, response);
    });
    return served.subscribeOn(loops.of(request).admitted()).doOnCancel(() -> {
      if (!started.get()) {
        cancelled.count();
      }
    }).doFinally(_ -> active.decrementAndGet());
  }

  /** Tells whether a new request would be rejected. */
  boolean isFull() {
    return active.get() >= maximum || estimator.isWaitTooLong();
  }

  /** Counts a rejection and returns its response. */
  FullHttpResponse countedRejection() {
    overload.count();
    return rejection.retainedDuplicate();
  }

  private Mono<Void> reject(ServerHttpResponse response) {
    overload.count();
    response.setStatusCode(HttpStatus.SERVICE_UNAVAILABLE);
    overload.headers().forEach(response.getHeaders()::set);
    return response.writeWith(Mono.fromSupplier(() -> response.bufferFactory().wrap(overload.body())))
        // The response to a HEAD has no body, so nothing has been written yet.
        .then(Mono.defer(response::setComplete));
  }

  private static FullHttpResponse nettyResponse(OverloadResponse overload) {
    FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1,
        HttpResponseStatus.SERVICE_UNAVAILABLE, Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(overload.body())));
    overload.headers().forEach(response.headers()::set);
    return response;
  }
}
