package dev.statecraft.session.contract;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;

/**
 * One HTTP request as Spring Session's filter handles it: find, set the last access, run the controller, save at the
 * flush, and save again at the end.
 */
public final class TestRequest<S extends Session> {
  private final SessionRepository<S> repository;
  private final S session;

  private TestRequest(SessionRepository<S> repository, S session) {
    this.repository = repository;
    this.session = session;
  }

  /** Begins a request without a session, and creates one. */
  public static <S extends Session> TestRequest<S> open(SessionRepository<S> repository, Instant now) {
    TestRequest<S> request = new TestRequest<>(repository, repository.createSession());
    request.session.setLastAccessedTime(now);
    return request;
  }

  /** Begins a request with the token. Returns null if the token finds no session. */
  public static <S extends Session> @Nullable TestRequest<S> begin(
      SessionRepository<S> repository, String token, Instant now) {
    S session = repository.findById(token);
    if (session == null) {
      return null;
    }
    session.setLastAccessedTime(now);
    return new TestRequest<>(repository, session);
  }

  public S session() {
    return session;
  }

  public TestRequest<S> set(String attribute, Object value) {
    session.setAttribute(attribute, value);
    return this;
  }

  public TestRequest<S> remove(String attribute) {
    session.removeAttribute(attribute);
    return this;
  }

  @SuppressWarnings("TypeParameterUnusedInFormals") // as in Session
  public <T> @Nullable T get(String attribute) {
    return session.getAttribute(attribute);
  }

  /**
   * Ends the request.
   *
   * @return the token that the client has now
   * @throws SessionStoreException if the store rejects the save
   */
  public String finish() {
    try {
      repository.save(session);
    } finally {
      // The filter's second save; after a rejection it must not try the change again.
      repository.save(session);
    }
    return session.getId();
  }

  /** Logs out as the filter does. */
  public void logOut() {
    repository.deleteById(session.getId());
  }
}
