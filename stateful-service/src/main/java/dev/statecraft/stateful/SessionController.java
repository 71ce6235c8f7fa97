package dev.statecraft.stateful;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Login, logout, and the data of a session. */
@RestController
@RequestMapping("/session")
class SessionController {
  static final String USER = "user";
  private static final int MAX_USER_LENGTH = 128;

  private final String strategy;

  SessionController(@Value("${statecraft.session.strategy}") String strategy) {
    this.strategy = strategy;
  }

  record Login(@Nullable String user) {}

  record SessionView(String user, String strategy, Instant created, Instant lastAccessed, long version) {}

  /** Opens a session with a new id and discards the client's previous session, which prevents session fixation. */
  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  SessionView open(@RequestBody Login login, HttpServletRequest request) {
    String user = TextValidation.required("user", login.user(), MAX_USER_LENGTH);
    HttpSession previous = request.getSession(false);
    if (previous != null) {
      previous.invalidate();
    }
    HttpSession session = request.getSession(true);
    session.setAttribute(USER, user);
    session.setAttribute(Cart.ATTRIBUTE, Cart.EMPTY);
    return view(session);
  }

  @GetMapping
  SessionView show(HttpServletRequest request) {
    return view(LoginSession.of(request));
  }

  @PostMapping("/rotate")
  SessionView rotate(HttpServletRequest request) {
    HttpSession session = LoginSession.of(request);
    request.changeSessionId();
    return view(session);
  }

  @DeleteMapping
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void close(HttpServletRequest request) {
    LoginSession.of(request).invalidate();
  }

  private SessionView view(HttpSession session) {
    return new SessionView(LoginSession.user(session), strategy, Instant.ofEpochMilli(session.getCreationTime()),
        Instant.ofEpochMilli(session.getLastAccessedTime()), LoginSession.cart(session).version());
  }
}
