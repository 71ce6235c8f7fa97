package dev.statecraft.session;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/**
 * Answers what the store refuses while a controller runs or its answer is being written. Goes first, so that it also
 * finds a refusal inside the exception of the message converter whose flush made Spring Session save.
 */
@RestControllerAdvice @Order(Ordered.HIGHEST_PRECEDENCE)
final class SessionStoreAdvice {
  private final MeterRegistry meters;

  SessionStoreAdvice(MeterRegistry meters) {
    this.meters = meters;
  }

  @ExceptionHandler
  ResponseEntity<Problem> refused(SessionStoreException refusal, HttpServletRequest request) {
    request.setAttribute(Problem.REFUSED, true);
    Problem.count(meters, refusal);
    Problem problem = Problem.of(refusal);
    ResponseEntity.BodyBuilder answer = ResponseEntity
        .status(problem.status())
        .contentType(MediaType.APPLICATION_PROBLEM_JSON);
    if (problem.worthRetrying()) {
      answer.header(HttpHeaders.RETRY_AFTER, Problem.RETRY_AFTER_SECONDS);
    }
    return answer.body(problem);
  }
}
