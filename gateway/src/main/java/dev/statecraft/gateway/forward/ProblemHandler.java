package dev.statecraft.gateway.forward;

import java.io.IOException;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import reactor.core.publisher.Mono;
import reactor.netty.channel.AbortedException;
import tools.jackson.databind.json.JsonMapper;

/** Answers every error with a problem document (RFC 9457) that reveals nothing about the inside of the gateway. */
@Order(-2)
public final class ProblemHandler implements WebExceptionHandler {
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
    ProblemDocument problem = ProblemDocument.of(failure, json);
    response.setStatusCode(HttpStatusCode.valueOf(problem.status()));
    problem.headers().forEach(response.getHeaders()::set);
    byte[] body = problem.body();
    DataBuffer buffer = response.bufferFactory().wrap(body);
    return response.writeWith(Mono.just(buffer));
  }
}
