package dev.statecraft.gateway.resilience;

import com.netflix.concurrency.limits.Limit;
import com.netflix.concurrency.limits.limit.AIMDLimit;
import com.netflix.concurrency.limits.limit.Gradient2Limit;
import com.netflix.concurrency.limits.limit.SettableLimit;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Limits the attempts that wait for the head of an answer of one node, by how fast the node answers. The algorithms are
 * those of Netflix's concurrency-limits. An attempt over the limit goes to another node. What a client or the gateway
 * caused does not change the limit. Thread-safe.
 */
public final class AdaptiveLimit {
  /** How the limit follows the node. */
  public enum Algorithm {
    /** No limit. */
    OFF,
    /** Falls when response times exceed their long-term average, as in Envoy's adaptive concurrency. */
    GRADIENT,
    /** Grows by one while used, and falls by a tenth after a time-out or an answer of 503. */
    AIMD;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * The bounds of the limit.
   *
   * @param slow for {@link Algorithm#AIMD}: an answer that takes longer counts like a time-out
   */
  public record Bounds(Algorithm algorithm, int initial, int min, int max, Duration slow) {
    /** No limit. */
    public static final Bounds OFF = new Bounds(Algorithm.OFF, 1, 1, 1, Duration.ZERO);
  }

  private static final double AIMD_BACK_OFF = 0.9;

  private final boolean active;
  private final Limit limit;
  private final AtomicInteger waiting = new AtomicInteger();

  public AdaptiveLimit(Bounds bounds) {
    active = bounds.algorithm() != Algorithm.OFF;
    limit = switch (bounds.algorithm()) {
      case OFF -> new SettableLimit(Integer.MAX_VALUE);
      case GRADIENT -> Gradient2Limit.newBuilder().initialLimit(bounds.initial()).minLimit(bounds.min())
          .maxConcurrency(bounds.max()).build();
      case AIMD -> AIMDLimit.newBuilder().initialLimit(bounds.initial()).minLimit(bounds.min())
          .maxLimit(bounds.max()).timeout(bounds.slow().toNanos(), TimeUnit.NANOSECONDS).backoffRatio(AIMD_BACK_OFF)
          .build();
    };
  }

  /** Admits an attempt, after which one of the other methods must be called. Returns false at the limit. */
  public boolean tryAcquire() {
    if (!active) {
      return true;
    }
    while (true) {
      int current = waiting.get();
      if (current >= limit.getLimit()) {
        return false;
      }
      if (waiting.compareAndSet(current, current + 1)) {
        return true;
      }
    }
  }

  /** Records that the node sent the head of a good answer. */
  public void answered(long startNanos, long nanos) {
    sample(startNanos, nanos, false);
  }

  /** Records that the node did not answer in time, or said that it is overloaded. */
  public void dropped(long startNanos, long nanos) {
    sample(startNanos, nanos, true);
  }

  private void sample(long startNanos, long nanos, boolean dropped) {
    if (active) {
      int inFlight = waiting.getAndDecrement();
      limit.onSample(startNanos, Math.max(nanos, 1), inFlight, dropped);
    }
  }

  /** Records that the attempt said nothing about the node's load. */
  public void released() {
    if (active) {
      waiting.decrementAndGet();
    }
  }

  /** Returns the current limit; 0 if there is none. */
  public int current() {
    return active ? limit.getLimit() : 0;
  }

  /** Returns the number of attempts that wait for an answer; 0 if there is no limit. */
  int waiting() {
    return waiting.get();
  }
}
