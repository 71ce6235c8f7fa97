package dev.statecraft.session.adapter;

import dev.statecraft.session.SessionStoreStatus;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Status of a store that a client library asks with its own timeouts, which may be longer than a probe may last. At
 * most one question is open at a time; while one is open longer than half a second, the node is not ready. Thread-safe.
 */
public final class ProbedStatus implements SessionStoreStatus {
  private static final Duration TIMEOUT = Duration.ofMillis(500);

  private final String store;
  private final Supplier<Map<String, @Nullable Object>> details;
  private final Duration timeout;
  private final AtomicReference<@Nullable FutureTask<Map<String, @Nullable Object>>> open = new AtomicReference<>();

  /**
   * Asks a store for its details.
   *
   * @param store its name in messages
   * @param details throws an exception if the store does not serve
   */
  public ProbedStatus(String store, Supplier<Map<String, @Nullable Object>> details) {
    this(store, details, TIMEOUT);
  }

  ProbedStatus(String store, Supplier<Map<String, @Nullable Object>> details, Duration timeout) {
    this.store = store;
    this.details = details;
    this.timeout = timeout;
  }

  @Override
  public Optional<String> notReadyReason() {
    return ask() == null ? Optional.of(store + " does not respond") : Optional.empty();
  }

  @Override
  public Map<String, @Nullable Object> details() {
    Map<String, @Nullable Object> answer = ask();
    return answer == null ? Map.of() : answer;
  }

  private @Nullable Map<String, @Nullable Object> ask() {
    FutureTask<Map<String, @Nullable Object>> own = new FutureTask<>(details::get);
    FutureTask<Map<String, @Nullable Object>> question = open.compareAndExchange(null, own);
    if (question == null) {
      question = own;
      Thread.ofVirtual().name("session-store-probe").start(closing(own));
    }
    try {
      return question.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException | TimeoutException e) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  private Runnable closing(FutureTask<?> question) {
    return () -> {
      question.run();
      open.set(null);
    };
  }
}
