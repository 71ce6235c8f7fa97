package dev.statecraft.session.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;

/** Limits how many session ids of one request are looked up. Thread-safe. */
public final class IdLimit {
  /** A browser sends several cookies of one name if they differ in path or domain; each costs a look-up. */
  public static final int MAX_IDS = 4;

  private final Counter ignored;

  public IdLimit(MeterRegistry meters) {
    ignored = Counter
        .builder("statecraft.session.ignored.ids")
        .description("Session ids that were ignored because their request sent more than " + MAX_IDS)
        .register(meters);
  }

  /** Returns the first ids; the rest is ignored and counted. */
  public List<String> first(List<String> ids) {
    if (ids.size() <= MAX_IDS) {
      return ids;
    }
    ignored.increment(ids.size() - MAX_IDS);
    return ids.subList(0, MAX_IDS);
  }
}
