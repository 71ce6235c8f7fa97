package dev.statecraft.gateway.route;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.ErrorResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import reactor.core.publisher.Mono;
import reactor.netty.channel.AbortedException;
import tools.jackson.databind.json.JsonMapper;

/** Answers every error of the gateway with a problem document that tells nothing of its inside. */
@Order(-2)
final class ProblemHandler implements WebExceptionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(ProblemHandler.class);

  private final JsonMapper json;

  ProblemHandler(JsonMapper json) {
    this.json = json;
  }

  @Override
  public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
    ServerHttpResponse response = exchange.getResponse();
    if (response.isCommitted()) {
      return Mono.error(failure);
    }
    if (failure instanceof IOException || failure instanceof AbortedException) {
      // The client's connection broke: nobody is there to be told.
      return Mono.error(failure);
    }
    ProblemDetail problem = problem(failure);
    response.setStatusCode(HttpStatusCode.valueOf(problem.getStatus()));
    HttpHeaders headers = response.getHeaders();
    headers.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
    headers.set(HttpHeaders.CACHE_CONTROL, "no-store");
    if (failure instanceof GatewayProblem own && own.retryAfterSeconds() > 0) {
      headers.set(HttpHeaders.RETRY_AFTER, Integer.toString(own.retryAfterSeconds()));
    }
    if (failure instanceof GatewayProblem own && own.setCookie() != null) {
      headers.add(HttpHeaders.SET_COOKIE, own.setCookie());
    }
    byte[] body = json.writeValueAsBytes(problem);
    headers.setContentLength(body.length);
    DataBuffer buffer = response.bufferFactory().wrap(body);
    return response.writeWith(Mono.just(buffer));
  }

  private static ProblemDetail problem(Throwable failure) {
    if (failure instanceof GatewayProblem own) {
      return ProblemDetail.forStatusAndDetail(own.status(), String.valueOf(own.getMessage()));
    }
    if (failure instanceof ErrorResponse error) {
      HttpStatusCode status = error.getStatusCode();
      return status.value() == HttpStatus.NOT_FOUND.value()
          ? ProblemDetail.forStatusAndDetail(status, "No route serves this path.")
          : ProblemDetail.forStatus(status);
    }
    LOG.error("Request failed inside the gateway", failure);
    return ProblemDetail.forStatus(HttpStatus.INTERNAL_SERVER_ERROR);
  }
}
