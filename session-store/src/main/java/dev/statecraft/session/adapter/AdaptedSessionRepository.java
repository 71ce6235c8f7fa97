package dev.statecraft.session.adapter;

import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.SessionStoreException.Reason;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;

/**
 * A repository of another project that keeps the rules of {@link dev.statecraft.session.SessionStrategy}: it throws
 * {@link SessionStoreException} where the other project throws its own exceptions, and answers ids that no repository
 * creates without asking the store. Also initializes and closes the other repository. Thread-safe if the other is.
 */
public class AdaptedSessionRepository<S extends Session>
    implements
      SessionRepository<S>,
      InitializingBean,
      DisposableBean {
  private static final Logger log = LoggerFactory.getLogger(AdaptedSessionRepository.class);
  /** Some stores fail on other characters, PostgreSQL on U+0000 for example. */
  private static final Pattern ID = Pattern.compile("[\\x21-\\x7e]{1,256}");

  private final SessionRepository<S> repository;
  private final Function<RuntimeException, StoreError> errors;

  private AdaptedSessionRepository(SessionRepository<S> repository, Function<RuntimeException, StoreError> errors) {
    this.repository = repository;
    this.errors = errors;
  }

  /** Adapts a repository. */
  public static <S extends Session> SessionRepository<S> of(
      SessionRepository<S> repository, Function<RuntimeException, StoreError> errors) {
    return new AdaptedSessionRepository<>(repository, errors);
  }

  /**
   * Adapts a repository that finds sessions by index. The bean's method must declare the returned type, because Spring
   * injects a generic type by declarations.
   */
  public static <S extends Session> FindByIndexNameSessionRepository<S> indexed(
      FindByIndexNameSessionRepository<S> repository, Function<RuntimeException, StoreError> errors) {
    return new Indexed<>(repository, errors);
  }

  @Override
  public S createSession() {
    return call(repository::createSession);
  }

  @Override
  public void save(S session) {
    run(() -> repository.save(session));
  }

  @Override
  public @Nullable S findById(String id) {
    if (!ID.matcher(id).matches()) {
      return null;
    }
    try {
      return repository.findById(id);
    } catch (RuntimeException e) {
      if (errors.apply(e) != StoreError.UNREADABLE) {
        throw translate(e);
      }
      log.warn("Session ended: its stored state cannot be read", e);
      deleteById(id);
      return null;
    }
  }

  @Override
  public void deleteById(String id) {
    run(() -> repository.deleteById(id));
  }

  @Override
  public void afterPropertiesSet() throws Exception {
    if (repository instanceof InitializingBean bean) {
      bean.afterPropertiesSet();
    }
  }

  @Override
  public void destroy() throws Exception {
    if (repository instanceof DisposableBean bean) {
      bean.destroy();
    }
  }

  private void run(Runnable operation) {
    try {
      operation.run();
    } catch (RuntimeException e) {
      throw translate(e);
    }
  }

  private <T> T call(Supplier<T> operation) {
    try {
      return operation.get();
    } catch (RuntimeException e) {
      throw translate(e);
    }
  }

  private RuntimeException translate(RuntimeException e) {
    return switch (errors.apply(e)) {
      case UNAVAILABLE -> new SessionStoreException(Reason.UNAVAILABLE, "The session store did not answer", e);
      case CONFLICT -> new SessionStoreException(
          Reason.CONFLICT,
          "Another request changed or deleted the session; read it again, then repeat",
          e);
      case UNREADABLE, OTHER -> e;
    };
  }

  private static final class Indexed<S extends Session> extends AdaptedSessionRepository<S>
      implements
        FindByIndexNameSessionRepository<S> {
    private final FindByIndexNameSessionRepository<S> indexed;

    Indexed(FindByIndexNameSessionRepository<S> indexed, Function<RuntimeException, StoreError> errors) {
      super(indexed, errors);
      this.indexed = indexed;
    }

    @Override
    public Map<String, S> findByIndexNameAndIndexValue(String indexName, String indexValue) {
      return super.call(() -> indexed.findByIndexNameAndIndexValue(indexName, indexValue));
    }
  }
}
