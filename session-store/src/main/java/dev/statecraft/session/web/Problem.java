package dev.statecraft.session.web;

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
record Problem(String type, String title, int status, @Nullable String detail) {
  static final String MEDIA_TYPE = "application/problem+json";
  static final String RETRY_AFTER_SECONDS = "1";
  private static final int UNAVAILABLE = 503;

  static Problem of(SessionStoreException rejection) {
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

  static void count(MeterRegistry meters, SessionStoreException rejection) {
    meters
        .counter("statecraft.session.refusals", "reason", rejection.reason().name().toLowerCase(Locale.ROOT))
        .increment();
  }

  boolean isRetryable() {
    return status == UNAVAILABLE;
  }
}
