package dev.statecraft.gateway.resilience;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The time by which a request must have its answer. It travels as {@link #HEADER}, the milliseconds that are left,
 * because clocks differ; a client, or a gateway before this one, can shorten it.
 *
 * @param nanos on the clock of {@link System#nanoTime()}
 */
public record Deadline(long nanos) {
  /** Milliseconds that are left for the answer. */
  public static final AsciiString HEADER = AsciiString.cached("x-deadline-millis");
  private static final int LONGEST = 9;

  /** Starts the time of a request. */
  public static Deadline of(Duration most, HttpHeaders headers, long nanoTime) {
    long left = most.toNanos();
    String told = headers.get(HEADER);
    Long millis = told == null ? null : millis(told);
    return new Deadline(nanoTime + (millis == null ? left : Math.min(left, TimeUnit.MILLISECONDS.toNanos(millis))));
  }

  /** Returns what is left, at least a nanosecond. */
  public Duration left(long nanoTime) {
    return Duration.ofNanos(Math.max(1, nanos - nanoTime));
  }

  public boolean isOver(long nanoTime) {
    return nanos - nanoTime <= 0;
  }

  /** Tells a node what is left. */
  public void writeTo(HttpHeaders headers, long nanoTime) {
    headers.set(HEADER, Long.toString(Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos - nanoTime))));
  }

  private static @Nullable Long millis(String told) {
    boolean number = !told.isEmpty() && told.length() <= LONGEST && told.chars().allMatch(c -> c >= '0' && c <= '9');
    return number ? Long.valueOf(told) : null;
  }
}
