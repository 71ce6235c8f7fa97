package dev.statecraft.reactive.server;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Answers 503 at once to requests past the most that may be under way. An event loop would take in every request there
 * is, and die by memory. Those for {@code /actuator} pass, so that an overloaded node can still be seen, and is not
 * taken for a dead one. Thread-safe.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
public class Shedding implements WebFilter {
  private static final byte[] PROBLEM = """
      {"title":"Service Unavailable","status":503,"detail":"Too many requests are under way; try again in a second."}"""
      .getBytes(StandardCharsets.UTF_8);

  private final int maximum;
  private final AtomicInteger underWay = new AtomicInteger();
  private final Counter shed;

  Shedding(ServerProperties properties, MeterRegistry registry) {
    this.maximum = properties.maximumRequests();
    this.shed = Counter.builder("concurrency.shed").description("Requests answered 503 for want of room")
        .tag("model", "event-loop").register(registry);
    Gauge.builder("concurrency.threads.live", properties::acceptors).description("Event loops")
        .tag("model", "event-loop").register(registry);
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    if (exchange.getRequest().getPath().value().startsWith("/actuator/")) {
      return chain.filter(exchange);
    }
    return Mono.defer(() -> {
      if (underWay.incrementAndGet() > maximum) {
        underWay.decrementAndGet();
        return refuse(exchange.getResponse());
      }
      return chain.filter(exchange).doFinally(_ -> underWay.decrementAndGet());
    });
  }

  /** What to answer a request with for which there is no room further in. Counts it. */
  public ResponseStatusException noRoom(String detail) {
    shed.increment();
    return new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE, detail) {
      @Override
      public HttpHeaders getHeaders() {
        HttpHeaders headers = new HttpHeaders();
        headers.set(HttpHeaders.RETRY_AFTER, "1");
        return headers;
      }
    };
  }

  private Mono<Void> refuse(ServerHttpResponse response) {
    shed.increment();
    response.setStatusCode(HttpStatus.SERVICE_UNAVAILABLE);
    response.getHeaders().set(HttpHeaders.RETRY_AFTER, "1");
    response.getHeaders().setContentType(MediaType.APPLICATION_PROBLEM_JSON);
    response.getHeaders().setContentLength(PROBLEM.length);
    return response.writeWith(Mono.fromSupplier(() -> response.bufferFactory().wrap(PROBLEM)));
  }
}
