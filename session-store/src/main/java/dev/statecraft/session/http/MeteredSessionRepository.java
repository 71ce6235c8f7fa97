package dev.statecraft.session.http;

import dev.statecraft.session.SessionStoreException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;

/**
 * Measures what requests ask of a strategy's repository: {@code statecraft.session.operations}, by operation and
 * outcome. Every combination is exported from the start, so that a rate sees its first occurrence. Thread-safe.
 */
public class MeteredSessionRepository<S extends Session> implements SessionRepository<S> {
  private static final String FIND = "find";
  private static final String SAVE = "save";
  private static final String DELETE = "delete";
  private static final String ERROR = "error";

  private record Key(String operation, String outcome) {}

  private final SessionRepository<S> repository;
  private final Map<Key, Timer> timers = new HashMap<>();

  private MeteredSessionRepository(SessionRepository<S> repository, MeterRegistry meters) {
    this.repository = repository;
    register(meters, FIND, "found");
    register(meters, FIND, "missed");
    register(meters, SAVE, "saved");
    register(meters, DELETE, "deleted");
    for (String operation : new String[]{FIND, SAVE, DELETE}) {
      register(meters, operation, ERROR);
      for (SessionStoreException.Reason reason : SessionStoreException.Reason.values()) {
        register(meters, operation, label(reason));
      }
    }
  }

  /** Makes a repository that also finds sessions by the user's name if the strategy does. */
  public static <S extends Session> MeteredSessionRepository<S> of(SessionRepository<S> repository,
      MeterRegistry meters) {
    return repository instanceof FindByIndexNameSessionRepository<S> byName
        ? new ByName<>(byName, meters)
        : new MeteredSessionRepository<>(repository, meters);
  }

  private void register(MeterRegistry meters, String operation, String outcome) {
    timers.put(new Key(operation, outcome), Timer.builder("statecraft.session.operations")
        .description("Operations of requests on the session store").tags("operation", operation, "outcome", outcome)
        .register(meters));
  }

  private static String label(SessionStoreException.Reason reason) {
    return reason.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public S createSession() {
    return repository.createSession();
  }

  @Override
  public void save(S session) {
    measure(SAVE, () -> {
      repository.save(session);
      return null;
    }, _ -> "saved");
  }

  @Override
  public @Nullable S findById(String id) {
    return measure(FIND, () -> repository.findById(id), session -> session == null ? "missed" : "found");
  }

  @Override
  public void deleteById(String id) {
    measure(DELETE, () -> {
      repository.deleteById(id);
      return null;
    }, _ -> "deleted");
  }

  private <T> @Nullable T measure(String operation, Supplier<@Nullable T> call, Function<@Nullable T, String> outcome) {
    long began = System.nanoTime();
    String label = ERROR;
    try {
      T result = call.get();
      label = outcome.apply(result);
      return result;
    } catch (SessionStoreException e) {
      label = label(e.reason());
      throw e;
    } finally {
      Objects.requireNonNull(timers.get(new Key(operation, label)))
          .record(System.nanoTime() - began, TimeUnit.NANOSECONDS);
    }
  }

  /** Also finds the sessions of a user, which is not measured: no request of a session waits for it. */
  private static final class ByName<S extends Session> extends MeteredSessionRepository<S>
      implements
        FindByIndexNameSessionRepository<S> {
    private final FindByIndexNameSessionRepository<S> repository;

    ByName(FindByIndexNameSessionRepository<S> repository, MeterRegistry meters) {
      super(repository, meters);
      this.repository = repository;
    }

    @Override
    public Map<String, S> findByIndexNameAndIndexValue(String indexName, String indexValue) {
      return repository.findByIndexNameAndIndexValue(indexName, indexValue);
    }
  }
}
