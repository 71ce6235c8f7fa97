package dev.statecraft.reactive.session;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.WebSession;
import reactor.core.publisher.Mono;

/** What a login puts into a session. */
record Login(WebSession session, String user) {
  private static final String USER = "user";
  private static final String CART = "cart";

  /**
   * Returns the login of a session.
   *
   * @throws ResponseStatusException 401 if there is none
   */
  static Login of(WebSession session) {
    String user = session.getAttribute(USER);
    if (user == null) {
      throw new ResponseStatusException(HttpStatus.UNAUTHORIZED, "No session: log in with POST /session");
    }
    return new Login(session, user);
  }

  /** Logs in with an empty cart. A session that the client had gets a new id, which prevents session fixation. */
  static Mono<Login> open(WebSession session, String user) {
    boolean hadSession = session.isStarted();
    session.getAttributes().clear();
    session.getAttributes().put(USER, user);
    Login login = new Login(session, user).put(Cart.EMPTY);
    return (hadSession ? session.changeSessionId() : Mono.<Void>empty()).thenReturn(login);
  }

  Cart cart() {
    return session.getAttribute(CART) instanceof Cart cart ? cart : Cart.EMPTY;
  }

  Login put(Cart cart) {
    session.getAttributes().put(CART, cart);
    return this;
  }

  /**
   * Returns text of a client if it is valid.
   *
   * @throws ResponseStatusException 400 if it is missing, blank, too long, or no well-formed Unicode
   */
  static String text(String name, @Nullable String text, int maxLength) {
    if (text == null || text.isBlank() || text.length() > maxLength
        || !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new ResponseStatusException(HttpStatus.BAD_REQUEST,
          "'" + name + "' must be well-formed text of 1 to " + maxLength + " characters");
    }
    return text;
  }
}
