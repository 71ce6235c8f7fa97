package dev.statecraft.session.http;

import dev.statecraft.session.SessionStoreException;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The problem document (RFC 9457) of a {@link SessionStoreException}. Not Spring's {@code ProblemDetail}, which adds an
 * {@code instance} field to each response.
 *
 * @param type tag URI of the kind of problem
 * @param title human-readable name of the kind of problem
 * @param status HTTP status
 * @param detail what happened to this request
 */
public record Problem(String type, String title, int status, @Nullable String detail) {
  public static final String MEDIA_TYPE = "application/problem+json";
  public static final String RETRY_AFTER_SECONDS = "1";
  private static final int UNAVAILABLE = 503;
  private static final int MAX_CAUSE_DEPTH = 20;

  public static Problem of(SessionStoreException rejection) {
    return switch (rejection.reason()) {
      case CONFLICT -> new Problem(
          "tag:statecraft.dev,2026:session-conflict",
          "Session changed by another request",
          409,
          rejection.getMessage());
      case TOO_LARGE -> new Problem(
          "tag:statecraft.dev,2026:session-too-large",
          "Session state too large",
          413,
          rejection.getMessage());
      case UNAVAILABLE -> new Problem(
          "tag:statecraft.dev,2026:session-store-unavailable",
          "Session store unavailable",
          UNAVAILABLE,
          rejection.getMessage());
      case UNREADABLE -> new Problem(
          "tag:statecraft.dev,2026:session-unreadable",
          "Session unreadable on this node",
          UNAVAILABLE,
          rejection.getMessage());
    };
  }

  public static void count(MeterRegistry meters, SessionStoreException rejection) {
    meters
        .counter("statecraft.session.refusals", "reason", rejection.reason().name().toLowerCase(Locale.ROOT))
        .increment();
  }

  /**
   * Returns the rejection that caused a failure; null if there is none. Filters and converters wrap it.
   */
  public static @Nullable SessionStoreException findRejection(Throwable thrown) {
    Throwable cause = thrown;
    for (int depth = 0; cause != null && depth < MAX_CAUSE_DEPTH; depth++) {
      if (cause instanceof SessionStoreException rejection) {
        return rejection;
      }
      cause = cause.getCause();
    }
    return null;
  }

  public boolean isRetryable() {
    return status == UNAVAILABLE;
  }
}
