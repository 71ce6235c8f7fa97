package dev.statecraft.session.web;

import dev.statecraft.session.ChangeTrackingSession;
import dev.statecraft.session.SessionStoreException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;

/**
 * The repository as one request uses it. Spring Session's filter saves just before the response is committed, which is
 * when the headers of a response that shows a session can still be completed.
 */
final class RequestSessionRepository<S extends Session> implements SessionRepository<S> {
  /** Request attribute: the store rejected the request, so the response must neither set nor delete the cookie. */
  private static final String REJECTED_ATTRIBUTE = "dev.statecraft.session.rejected";

  private final SessionRepository<S> repository;
  private final HttpServletRequest request;
  private final HttpServletResponse response;

  RequestSessionRepository(SessionRepository<S> repository, HttpServletRequest request, HttpServletResponse response) {
    this.repository = repository;
    this.request = request;
    this.response = response;
  }

  static boolean isRejected(HttpServletRequest request) {
    return request.getAttribute(REJECTED_ATTRIBUTE) != null;
  }

  @Override
  public S createSession() {
    if (response.isCommitted()) {
      throw new IllegalStateException("Cannot create a session after the response has been committed");
    }
    return repository.createSession();
  }

  @Override
  public @Nullable S findById(String id) {
    return repository.findById(id);
  }

  @Override
  public void save(S session) {
    CacheControl.forbidStorage(response);
    if (response.isCommitted() && session instanceof ChangeTrackingSession changed && changed.changesToken()) {
      changed.discardChanges();
      throw new IllegalStateException("The session was not saved: it was changed after the response had been committed,"
          + " so the client would not have received its new session id");
    }
    try {
      repository.save(session);
    } catch (SessionStoreException e) {
      request.setAttribute(REJECTED_ATTRIBUTE, true);
      throw e;
    }
  }

  @Override
  public void deleteById(String id) {
    try {
      repository.deleteById(id);
    } catch (SessionStoreException e) {
      request.setAttribute(REJECTED_ATTRIBUTE, true);
      throw e;
    }
  }
}
