package dev.statecraft.session.reactive;

import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.http.Problem;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes the problem document for a {@link SessionStoreException}, also if the save at the end of the request fails.
 */
final class SessionStoreExceptionHandler implements WebExceptionHandler, Ordered {
  /** Just before Spring Boot's handler, which would answer 500. */
  private static final int ORDER = -2;

  private final JsonMapper json = JsonMapper.builder().build();
  private final MeterRegistry meters;

  SessionStoreExceptionHandler(MeterRegistry meters) {
    this.meters = meters;
  }

  @Override
  public int getOrder() {
    return ORDER;
  }

  @Override
  public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
    SessionStoreException rejection = Problem.findRejection(failure);
    ServerHttpResponse response = exchange.getResponse();
    if (rejection == null || response.isCommitted()) {
      return Mono.error(failure);
    }
    SavedWebSessions.markRejected(exchange);
    Problem.count(meters, rejection);
    Problem problem = Problem.of(rejection);
    byte[] body = json.writeValueAsBytes(problem);
    response.setStatusCode(HttpStatusCode.valueOf(problem.status()));
    HttpHeaders headers = response.getHeaders();
    headers.setCacheControl("no-store");
    headers.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
    headers.setContentLength(body.length);
    if (problem.isRetryable()) {
      headers.set(HttpHeaders.RETRY_AFTER, Problem.RETRY_AFTER_SECONDS);
    }
    return response.writeWith(Mono.fromSupplier(() -> response.bufferFactory().wrap(body)));
  }
}
