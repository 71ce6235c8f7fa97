package dev.statecraft.session;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.session.web.http.SessionRepositoryFilter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers what the store refuses after the controller is done. An answer without a body is committed by nobody until
 * Spring Session's filter saves on the way out, where no controller advice can see the failure; this filter stands just
 * outside of it.
 */
final class RefusalFilter extends HttpFilter {
  static final int ORDER = SessionRepositoryFilter.DEFAULT_ORDER - 1;
  private static final int DEEPEST_CAUSE = 20;

  private final transient JsonMapper json;
  private final transient MeterRegistry meters;

  RefusalFilter(JsonMapper json, MeterRegistry meters) {
    this.json = json;
    this.meters = meters;
  }

  @Override
  protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    try {
      chain.doFilter(request, response);
    } catch (RuntimeException | ServletException e) {
      SessionStoreException refusal = refusalIn(e);
      if (refusal == null || response.isCommitted()) {
        throw e;
      }
      Problem.count(meters, refusal);
      Problem problem = Problem.of(refusal);
      byte[] body = json.writeValueAsBytes(problem);
      response.resetBuffer();
      response.setStatus(problem.status());
      response.setContentType(Problem.MEDIA_TYPE);
      response.setContentLength(body.length);
      if (problem.worthRetrying()) {
        response.setHeader("Retry-After", Problem.RETRY_AFTER_SECONDS);
      }
      response.getOutputStream().write(body);
    }
  }

  private static @Nullable SessionStoreException refusalIn(Throwable thrown) {
    Throwable cause = thrown;
    for (int depth = 0; cause != null && depth < DEEPEST_CAUSE; depth++) {
      if (cause instanceof SessionStoreException refusal) {
        return refusal;
      }
      cause = cause.getCause();
    }
    return null;
  }
}
