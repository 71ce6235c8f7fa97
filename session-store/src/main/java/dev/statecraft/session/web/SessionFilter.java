package dev.statecraft.session.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;
import org.springframework.session.web.http.HttpSessionIdResolver;
import org.springframework.session.web.http.SessionRepositoryFilter;

/** Spring Session's filter, with a repository that knows the response. */
final class SessionFilter<S extends Session> extends SessionRepositoryFilter<S> {
  private final SessionRepository<S> repository;
  private final HttpSessionIdResolver ids;

  SessionFilter(SessionRepository<S> repository, HttpSessionIdResolver ids) {
    super(repository);
    this.repository = repository;
    this.ids = ids;
    setHttpSessionIdResolver(ids);
  }

  @Override
  protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    new OfRequest<>(new RequestSessionRepository<>(repository, request, response), ids)
        .filter(request, response, chain);
  }

  /** The filter of one request. */
  private static final class OfRequest<S extends Session> extends SessionRepositoryFilter<S> {
    OfRequest(SessionRepository<S> repository, HttpSessionIdResolver ids) {
      super(repository);
      setHttpSessionIdResolver(ids);
    }

    void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
        throws ServletException, IOException {
      super.doFilterInternal(request, response, chain);
    }
  }
}
