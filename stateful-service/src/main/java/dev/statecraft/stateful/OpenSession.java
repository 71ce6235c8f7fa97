package dev.statecraft.stateful;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import org.springframework.http.HttpStatus;

/** What a login left in the session; without a login there is none. */
final class OpenSession {
  private OpenSession() {}

  /**
   * The session that the client's cookie opens.
   *
   * @throws RejectedRequest 401 where it opens none
   */
  static HttpSession of(HttpServletRequest request) {
    HttpSession session = request.getSession(false);
    if (session == null || session.getAttribute(SessionController.USER) == null) {
      throw new RejectedRequest(HttpStatus.UNAUTHORIZED, "No open session: log in with POST /session");
    }
    return session;
  }

  static String user(HttpSession session) {
    return (String) session.getAttribute(SessionController.USER);
  }

  static Cart cart(HttpSession session) {
    return session.getAttribute(Cart.ATTRIBUTE) instanceof Cart cart ? cart : Cart.EMPTY;
  }
}
