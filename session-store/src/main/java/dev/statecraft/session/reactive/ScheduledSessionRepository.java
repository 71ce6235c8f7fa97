package dev.statecraft.session.reactive;

import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.SessionStoreException.Reason;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.ReactiveFindByIndexNameSessionRepository;
import org.springframework.session.ReactiveSessionRepository;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * A strategy's repository for WebFlux: each call that may block runs on a scheduler, never on an event loop. Guarantee
 * and anomaly are those of the strategy. Thread-safe.
 */
class ScheduledSessionRepository<S extends Session> implements ReactiveSessionRepository<S> {
  private final SessionRepository<S> repository;
  private final Scheduler scheduler;

  ScheduledSessionRepository(SessionRepository<S> repository, Scheduler scheduler) {
    this.repository = repository;
    this.scheduler = scheduler;
  }

  /** Makes a repository that also finds sessions by the user's name if the strategy does. */
  static <S extends Session> ScheduledSessionRepository<S> of(SessionRepository<S> repository, Scheduler scheduler) {
    return repository instanceof FindByIndexNameSessionRepository<S> byName
        ? new ByName<>(byName, scheduler)
        : new ScheduledSessionRepository<>(repository, scheduler);
  }

  @Override
  public Mono<S> createSession() {
    return Mono.fromSupplier(repository::createSession);
  }

  @Override
  public Mono<Void> save(S session) {
    return call(() -> {
      repository.save(session);
      return null;
    });
  }

  @Override
  public Mono<S> findById(String id) {
    return call(() -> repository.findById(id));
  }

  @Override
  public Mono<Void> deleteById(String id) {
    return call(() -> {
      repository.deleteById(id);
      return null;
    });
  }

  /** A null result completes empty. The scheduler is full if the store is slow: then the request is refused. */
  final <T> Mono<T> call(Callable<T> operation) {
    return Mono.fromCallable(operation)
        .subscribeOn(scheduler)
        .onErrorMap(RejectedExecutionException.class, full -> new SessionStoreException(Reason.UNAVAILABLE,
            "Too many requests of this node wait for the session store", full));
  }

  /** Also finds the sessions of a user. */
  private static final class ByName<S extends Session> extends ScheduledSessionRepository<S>
      implements
        ReactiveFindByIndexNameSessionRepository<S> {
    private final FindByIndexNameSessionRepository<S> repository;

    ByName(FindByIndexNameSessionRepository<S> repository, Scheduler scheduler) {
      super(repository, scheduler);
      this.repository = repository;
    }

    @Override
    public Mono<Map<String, S>> findByIndexNameAndIndexValue(String indexName, String indexValue) {
      return call(() -> repository.findByIndexNameAndIndexValue(indexName, indexValue));
    }
  }
}
