package dev.statecraft.session.adapter;

import dev.statecraft.session.AttributeReader;
import dev.statecraft.session.AttributeReader.UnreadablePolicy;
import dev.statecraft.session.InvalidSettingException;
import dev.statecraft.session.SessionStoreContext;
import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.SessionStoreException.Reason;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;

/**
 * A repository of another project that keeps the rules of {@link dev.statecraft.session.SessionStrategy}: it throws
 * {@link SessionStoreException} where the other project throws its own exceptions, and answers ids that no repository
 * creates without asking the store. It reads all attributes of a session at once, because some stores deserialize an
 * attribute only when the application asks for it, and treats a session that it cannot read as
 * {@code statecraft.session.unreadable-attributes} says. Also initializes and closes the other repository. Thread-safe
 * if the other is.
 */
public class AdaptedSessionRepository<S extends Session>
    implements
      SessionRepository<S>,
      InitializingBean,
      DisposableBean {
  private static final String UNREADABLE_ATTRIBUTES = "statecraft.session.unreadable-attributes";
  /** Some stores fail on other characters, PostgreSQL on U+0000 for example. */
  private static final Pattern ID = Pattern.compile("[\\x21-\\x7e]{1,256}");

  private final SessionRepository<S> repository;
  private final AttributeReader reader;
  private final Function<RuntimeException, StoreError> errors;

  private AdaptedSessionRepository(SessionRepository<S> repository, AttributeReader reader,
      Function<RuntimeException, StoreError> errors) {
    if (reader.policy() == UnreadablePolicy.DROP_ATTRIBUTE) {
      throw new InvalidSettingException(UNREADABLE_ATTRIBUTES,
          "is drop-attribute, but this strategy can only end or refuse a session that it cannot read",
          "end-session or refuse");
    }
    this.repository = repository;
    this.reader = reader;
    this.errors = errors;
  }

  /**
   * Adapts a repository.
   *
   * @param context what the strategy is given
   * @param errors tells what an exception of the repository means
   */
  public static <S extends Session> SessionRepository<S> of(
      SessionRepository<S> repository, SessionStoreContext context, Function<RuntimeException, StoreError> errors) {
    return new AdaptedSessionRepository<>(repository, context.attributes(), errors);
  }

  /**
   * Adapts a repository that finds sessions by index. The bean's method must declare the returned type, because Spring
   * injects a generic type by declarations.
   */
  public static <S extends Session> FindByIndexNameSessionRepository<S> indexed(
      FindByIndexNameSessionRepository<S> repository, SessionStoreContext context,
      Function<RuntimeException, StoreError> errors) {
    return new Indexed<>(repository, context.attributes(), errors);
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
      S session = repository.findById(id);
      if (session != null) {
        session.getAttributeNames().forEach(session::getAttribute);
      }
      return session;
    } catch (RuntimeException e) {
      if (errors.apply(e) != StoreError.UNREADABLE) {
        throw translate(e);
      }
      reader.rejectUnreadable(e);
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

    Indexed(FindByIndexNameSessionRepository<S> indexed, AttributeReader reader,
        Function<RuntimeException, StoreError> errors) {
      super(indexed, reader, errors);
      this.indexed = indexed;
    }

    @Override
    public Map<String, S> findByIndexNameAndIndexValue(String indexName, String indexValue) {
      try {
        return indexed.findByIndexNameAndIndexValue(indexName, indexValue);
      } catch (RuntimeException e) {
        if (super.errors.apply(e) == StoreError.UNREADABLE) {
          throw new SessionStoreException(Reason.UNREADABLE, "This node cannot read a session of the user", e);
        }
        throw super.translate(e);
      }
    }
  }
}
