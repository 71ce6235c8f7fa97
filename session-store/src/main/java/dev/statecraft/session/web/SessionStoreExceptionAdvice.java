package dev.statecraft.session.web;

import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.http.Problem;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/**
 * Writes the problem document for a {@link SessionStoreException} that is thrown while the controller runs or its
 * response is written. It has the highest precedence because the exception may be the cause of a message converter's
 * exception: the converter's flush makes Spring Session save.
 */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
final class SessionStoreExceptionAdvice {
  private final MeterRegistry meters;

  SessionStoreExceptionAdvice(MeterRegistry meters) {
    this.meters = meters;
  }

  @ExceptionHandler
  ResponseEntity<Problem> reject(SessionStoreException rejection, HttpServletResponse servletResponse) {
    CacheControl.forbidStorage(servletResponse);
    Problem.count(meters, rejection);
    Problem problem = Problem.of(rejection);
    ResponseEntity.BodyBuilder response = ResponseEntity
        .status(problem.status())
        .contentType(MediaType.APPLICATION_PROBLEM_JSON);
    if (problem.isRetryable()) {
      response.header(HttpHeaders.RETRY_AFTER, Problem.RETRY_AFTER_SECONDS);
    }
    return response.body(problem);
  }
}
