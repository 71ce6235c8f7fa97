package dev.statecraft.gateway.forward;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponse;
import tools.jackson.databind.json.JsonMapper;

/**
 * The answer to a request that failed in the gateway (RFC 9457). It reveals nothing about the inside of the gateway.
 */
record ProblemDocument(int status, Map<String, String> headers, String text) {
  private static final Logger log = LoggerFactory.getLogger(ProblemHandler.class);

  static ProblemDocument of(Throwable failure, JsonMapper json) {
    ProblemDetail problem = detail(failure);
    String text = json.writeValueAsString(problem);
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_PROBLEM_JSON_VALUE);
    headers.put(HttpHeaders.CACHE_CONTROL, "no-store");
    if (failure instanceof GatewayProblem own) {
      own.getHeaders().forEach((name, values) -> headers.put(name, values.getFirst()));
    }
    headers.put(HttpHeaders.CONTENT_LENGTH, Integer.toString(bytes(text).length));
    return new ProblemDocument(problem.getStatus(), headers, text);
  }

  byte[] body() {
    return bytes(text);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static ProblemDetail detail(Throwable failure) {
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
