package dev.statecraft.session.web;

import dev.statecraft.session.http.IdLimit;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.springframework.session.web.http.HttpSessionIdResolver;

/**
 * Limits what a request can cost, and sends the client only ids that it does not have yet.
 *
 * <p>Spring Session's filter commits twice: when the response is flushed, and at the end of the request. In between it
 * resolves the ids again, which would load the session twice in every request. So this resolver returns the ids once
 * for each request and dispatch.
 */
final class BoundedIdResolver implements HttpSessionIdResolver {
  private static final String RESOLVED_ATTRIBUTE = "dev.statecraft.session.resolved";

  private final HttpSessionIdResolver delegate;
  private final IdLimit limit;

  BoundedIdResolver(HttpSessionIdResolver delegate, MeterRegistry meters) {
    this.delegate = delegate;
    limit = new IdLimit(meters);
  }

  /**
   * What a request sent.
   *
   * @param request the filter's wrapper, of which each dispatch has its own
   * @param first empty if there was no id
   */
  private record Resolved(HttpServletRequest request, String first) {}

  @Override
  public List<String> resolveSessionIds(HttpServletRequest request) {
    if (request.getAttribute(RESOLVED_ATTRIBUTE) instanceof Resolved resolved && resolved.request().equals(request)) {
      return List.of();
    }
    List<String> ids = limit.first(delegate.resolveSessionIds(request));
    request.setAttribute(RESOLVED_ATTRIBUTE, new Resolved(request, ids.isEmpty() ? "" : ids.getFirst()));
    return ids;
  }

  @Override
  public void setSessionId(HttpServletRequest request, HttpServletResponse response, String sessionId) {
    boolean known = request.getAttribute(RESOLVED_ATTRIBUTE) instanceof Resolved resolved
        && sessionId.equals(resolved.first());
    if (!known && !RequestSessionRepository.isRejected(request)) {
      CacheControl.forbidStorage(response);
      delegate.setSessionId(request, response, sessionId);
    }
  }

  @Override
  public void expireSession(HttpServletRequest request, HttpServletResponse response) {
    if (!RequestSessionRepository.isRejected(request)) {
      CacheControl.forbidStorage(response);
      delegate.expireSession(request, response);
    }
  }
}
