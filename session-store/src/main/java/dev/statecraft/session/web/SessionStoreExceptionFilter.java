package dev.statecraft.session.web;

import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.http.Problem;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes the problem document for a {@link SessionStoreException} that is thrown after the controller has returned. A
 * response without a body is not committed until Spring Session's filter saves the session, where no controller advice
 * sees the exception. This filter runs just outside of Spring Session's.
 */
final class SessionStoreExceptionFilter extends HttpFilter {
  private final transient JsonMapper json = JsonMapper.builder().build();
  private final transient MeterRegistry meters;

  SessionStoreExceptionFilter(MeterRegistry meters) {
    this.meters = meters;
  }

  @Override
  protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    try {
      chain.doFilter(request, response);
    } catch (RuntimeException | ServletException e) {
      SessionStoreException rejection = Problem.findRejection(e);
      if (rejection == null || response.isCommitted()) {
        throw e;
      }
      Problem.count(meters, rejection);
      Problem problem = Problem.of(rejection);
      byte[] body = json.writeValueAsBytes(problem);
      response.resetBuffer();
      response.setStatus(problem.status());
      response.setHeader("Cache-Control", "no-store");
      response.setContentType(Problem.MEDIA_TYPE);
      response.setContentLength(body.length);
      if (problem.isRetryable()) {
        response.setHeader("Retry-After", Problem.RETRY_AFTER_SECONDS);
      }
      response.getOutputStream().write(body);
    }
  }
}
