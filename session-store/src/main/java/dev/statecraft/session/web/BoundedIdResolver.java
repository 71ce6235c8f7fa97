package dev.statecraft.session.web;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.springframework.session.web.http.HttpSessionIdResolver;

/**
 * Limits what a request can cost, and sends the client only ids that it does not have yet.
 *
 * <p>Spring Session's filter commits twice: when the response is flushed, and at the end of the request. In between it
 * resolves the ids again, which would load the session twice in every request. So this resolver returns the ids once for
 * each request and dispatch.
 */
final class BoundedIdResolver implements HttpSessionIdResolver {
  /** A browser sends several cookies of one name if they differ in path or domain; each costs a look-up. */
  static final int MAX_IDS = 4;
  private static final String RESOLVED_ATTRIBUTE = "dev.statecraft.session.resolved";

  private final HttpSessionIdResolver delegate;
  private final Counter ignored;

  BoundedIdResolver(HttpSessionIdResolver delegate, MeterRegistry meters) {
    this.delegate = delegate;
    ignored = Counter
        .builder("statecraft.session.ignored.ids")
        .description("Session ids that were ignored because their request sent more than " + MAX_IDS)
        .register(meters);
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
    List<String> ids = delegate.resolveSessionIds(request);
    request.setAttribute(RESOLVED_ATTRIBUTE, new Resolved(request, ids.isEmpty() ? "" : ids.getFirst()));
    if (ids.size() <= MAX_IDS) {
      return ids;
    }
    ignored.increment(ids.size() - MAX_IDS);
    return ids.subList(0, MAX_IDS);
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
