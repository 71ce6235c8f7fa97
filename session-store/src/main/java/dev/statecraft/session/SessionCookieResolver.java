package dev.statecraft.session;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.springframework.session.web.http.CookieHttpSessionIdResolver;
import org.springframework.session.web.http.DefaultCookieSerializer;
import org.springframework.session.web.http.HttpSessionIdResolver;

/**
 * Reads and writes the client's token in the cookie {@code SESSION}. The cookie is HttpOnly and SameSite=Lax, and
 * Secure if the request was; its path is the prefix under which the gateway serves.
 *
 * <p>Spring Session's filter commits twice: when the response is flushed, and at the end of the request. In between it
 * resolves the ids again, which would load the session twice in every request. So this resolver returns the ids once
 * per request, and does not set a cookie that the client already has.
 */
final class SessionCookieResolver implements HttpSessionIdResolver {
  static final String NAME = "SESSION";
  private static final String TOKEN_ATTRIBUTE = "dev.statecraft.session.token";

  private final CookieHttpSessionIdResolver cookies = new CookieHttpSessionIdResolver();

  SessionCookieResolver() {
    DefaultCookieSerializer serializer = new DefaultCookieSerializer();
    serializer.setCookieName(NAME);
    serializer.setUseBase64Encoding(false);
    serializer.setUseHttpOnlyCookie(true);
    serializer.setSameSite("Lax");
    cookies.setCookieSerializer(serializer);
  }

  @Override
  public List<String> resolveSessionIds(HttpServletRequest request) {
    if (request.getAttribute(TOKEN_ATTRIBUTE) != null) {
      return List.of();
    }
    List<String> ids = cookies.resolveSessionIds(request);
    request.setAttribute(TOKEN_ATTRIBUTE, ids.isEmpty() ? "" : ids.getFirst());
    return ids;
  }

  @Override
  public void setSessionId(HttpServletRequest request, HttpServletResponse response, String sessionId) {
    if (request.getAttribute(Problem.REJECTED_ATTRIBUTE) == null
        && !sessionId.equals(request.getAttribute(TOKEN_ATTRIBUTE))) {
      cookies.setSessionId(request, response, sessionId);
    }
  }

  @Override
  public void expireSession(HttpServletRequest request, HttpServletResponse response) {
    if (request.getAttribute(Problem.REJECTED_ATTRIBUTE) == null) {
      cookies.expireSession(request, response);
    }
  }
}
