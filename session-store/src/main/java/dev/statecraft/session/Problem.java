package dev.statecraft.session;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a refusal looks like over HTTP: a problem document (RFC 9457).
 *
 * @param type tag URI that names the kind of problem
 * @param title the kind of problem, for people
 * @param status the HTTP status
 * @param detail what happened this time
 */
record Problem(String type, String title, int status, @Nullable String detail) {
  static final String MEDIA_TYPE = "application/problem+json";
  static final String RETRY_AFTER_SECONDS = "1";
  /** Request attribute: the store refused, so the answer must neither give nor take away the session's cookie. */
  static final String REFUSED = "dev.statecraft.session.refused";

  static Problem of(SessionStoreException refusal) {
    return switch (refusal.reason()) {
      case CONFLICT -> new Problem(
          "tag:statecraft.dev,2026:session-conflict",
          "Session changed by another request",
          409,
          refusal.getMessage());
      case TOO_LARGE -> new Problem(
          "tag:statecraft.dev,2026:session-too-large",
          "Session state too large",
          413,
          refusal.getMessage());
      case UNAVAILABLE -> new Problem(
          "tag:statecraft.dev,2026:session-store-unavailable",
          "Session store unavailable",
          503,
          refusal.getMessage());
    };
  }

  static void count(MeterRegistry meters, SessionStoreException refusal) {
    meters
        .counter("statecraft.session.refusals", "reason", refusal.reason().name().toLowerCase(Locale.ROOT))
        .increment();
  }

  boolean worthRetrying() {
    return status == 503;
  }
}
