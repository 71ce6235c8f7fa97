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

/** Login, logout and what a session knows of itself. */
@RestController @RequestMapping("/session")
class SessionController {
  static final String USER = "user";
  private static final int LONGEST_USER = 128;

  private final String strategy;

  SessionController(@Value("${statecraft.session.strategy}") String strategy) {
    this.strategy = strategy;
  }

  record Login(@Nullable String user) {}

  record Shown(String user, String strategy, Instant created, Instant lastAccessed, long version) {}

  /** Opens a new session under a new id, whatever session the client brought: nobody can fix the id beforehand. */
  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  Shown open(@RequestBody Login login, HttpServletRequest request) {
    String user = Text.required("user", login.user(), LONGEST_USER);
    HttpSession earlier = request.getSession(false);
    if (earlier != null) {
      earlier.invalidate();
    }
    HttpSession session = request.getSession(true);
    session.setAttribute(USER, user);
    session.setAttribute(Cart.ATTRIBUTE, Cart.EMPTY);
    return shown(session);
  }

  @GetMapping
  Shown show(HttpServletRequest request) {
    return shown(OpenSession.of(request));
  }

  @PostMapping("/rotate")
  Shown rotate(HttpServletRequest request) {
    HttpSession session = OpenSession.of(request);
    request.changeSessionId();
    return shown(session);
  }

  @DeleteMapping
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void close(HttpServletRequest request) {
    OpenSession.of(request).invalidate();
  }

  private Shown shown(HttpSession session) {
    return new Shown(
        OpenSession.user(session),
        strategy,
        Instant.ofEpochMilli(session.getCreationTime()),
        Instant.ofEpochMilli(session.getLastAccessedTime()),
        OpenSession.cart(session).version());
  }
}
