package dev.statecraft.stateful;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import org.springframework.http.HttpStatus;

/** Access to the session that a login created. */
final class LoginSession {
  private LoginSession() {}

  /**
   * Returns the session of the client's cookie.
   *
   * @throws RejectedRequestException 401 if there is none
   */
  static HttpSession of(HttpServletRequest request) {
    HttpSession session = request.getSession(false);
    if (session == null || session.getAttribute(SessionController.USER) == null) {
      throw new RejectedRequestException(HttpStatus.UNAUTHORIZED, "No session: log in with POST /session");
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
