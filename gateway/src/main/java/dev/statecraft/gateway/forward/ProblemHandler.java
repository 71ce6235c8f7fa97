package dev.statecraft.gateway.forward;

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

/** Answers every error with a problem document (RFC 9457) that reveals nothing about the inside of the gateway. */
@Order(-2)
public final class ProblemHandler implements WebExceptionHandler {
  private static final Logger log = LoggerFactory.getLogger(ProblemHandler.class);

  private final JsonMapper json;

  public ProblemHandler(JsonMapper json) {
    this.json = json;
  }

  @Override
  public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
    ServerHttpResponse response = exchange.getResponse();
    if (response.isCommitted()) {
      return Mono.error(failure);
    }
    if (failure instanceof IOException || failure instanceof AbortedException) {
      // The client's connection broke, so no answer can be sent.
      return Mono.error(failure);
    }
    ProblemDetail problem = problem(failure);
    response.setStatusCode(HttpStatusCode.valueOf(problem.getStatus()));
    HttpHeaders headers = response.getHeaders();
    headers.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
    headers.set(HttpHeaders.CACHE_CONTROL, "no-store");
    if (failure instanceof GatewayProblem own) {
      headers.addAll(own.getHeaders());
    }
    byte[] body = json.writeValueAsBytes(problem);
    headers.setContentLength(body.length);
    DataBuffer buffer = response.bufferFactory().wrap(body);
    return response.writeWith(Mono.just(buffer));
  }

  private static ProblemDetail problem(Throwable failure) {
    if (failure instanceof GatewayProblem own) {
      return own.getBody();
    }
    if (failure instanceof ErrorResponse error) {
      HttpStatusCode status = error.getStatusCode();
      return status.value() == HttpStatus.NOT_FOUND.value()
          ? ProblemDetail.forStatusAndDetail(status, "No route serves this path.")
          : ProblemDetail.forStatus(status);
    }
    log.error("Request failed in the gateway; answering 500", failure);
    return ProblemDetail.forStatus(HttpStatus.INTERNAL_SERVER_ERROR);
  }
}
