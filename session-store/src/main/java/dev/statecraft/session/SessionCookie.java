package dev.statecraft.session;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.springframework.session.web.http.CookieHttpSessionIdResolver;
import org.springframework.session.web.http.DefaultCookieSerializer;
import org.springframework.session.web.http.HttpSessionIdResolver;

/**
 * The client's token, in the cookie {@code SESSION}: HttpOnly, SameSite=Lax, Secure where the request was, its path the
 * prefix under which the gateway serves.
 *
 * <p>Spring Session's filter commits twice, once when the answer is flushed and once on the way out, and asks for the
 * requested ids again in between, which would load the session a second time in every request. So the ids are given
 * once per request, and a token that the client already holds is not sent again.
 */
final class SessionCookie implements HttpSessionIdResolver {
  static final String NAME = "SESSION";
  private static final String HELD = "dev.statecraft.session.held";

  private final CookieHttpSessionIdResolver cookies = new CookieHttpSessionIdResolver();

  SessionCookie() {
    DefaultCookieSerializer serializer = new DefaultCookieSerializer();
    serializer.setCookieName(NAME);
    serializer.setUseBase64Encoding(false);
    serializer.setUseHttpOnlyCookie(true);
    serializer.setSameSite("Lax");
    cookies.setCookieSerializer(serializer);
  }

  @Override
  public List<String> resolveSessionIds(HttpServletRequest request) {
    if (request.getAttribute(HELD) != null) {
      return List.of();
    }
    List<String> ids = cookies.resolveSessionIds(request);
    request.setAttribute(HELD, ids.isEmpty() ? "" : ids.getFirst());
    return ids;
  }

  @Override
  public void setSessionId(HttpServletRequest request, HttpServletResponse response, String sessionId) {
    if (request.getAttribute(Problem.REFUSED) == null && !sessionId.equals(request.getAttribute(HELD))) {
      cookies.setSessionId(request, response, sessionId);
    }
  }

  @Override
  public void expireSession(HttpServletRequest request, HttpServletResponse response) {
    if (request.getAttribute(Problem.REFUSED) == null) {
      cookies.expireSession(request, response);
    }
  }
}
