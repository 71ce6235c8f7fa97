package dev.statecraft.gateway.resilience;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * The time by which the client must have the head of its answer. It is propagated in {@link #HEADER} as the remaining
 * milliseconds, because the clocks of machines differ. A trusted proxy in front of this gateway can shorten the route's
 * deadline but not extend it. The services read the header by the same rule ({@code DeadlineHeader} of service-kit).
 *
 * @param nanos on the clock of {@link System#nanoTime()}
 */
public record Deadline(long nanos) {
  /**
   * Remaining milliseconds: one whole number in decimal digits, also with leading zeros. A value above the route's
   * deadline means that deadline; 0 means that the deadline has passed.
   */
  public static final AsciiString HEADER = AsciiString.cached("x-deadline-millis");
  /** Longest deadline of a route: one day. */
  public static final long MAX_MILLIS = 86_400_000;
  private static final Pattern WHOLE_NUMBER = Pattern.compile("[0-9]+");

  /**
   * Returns the time that the request has: the route's deadline, or the value of the header if that is shorter.
   *
   * @throws IllegalArgumentException if the header is malformed; the message is for the client
   */
  public static Duration timeLimit(Duration routeDeadline, HttpHeaders headers) {
    if (!headers.contains(HEADER)) {
      return routeDeadline;
    }
    List<String> values = headers.getAll(HEADER);
    if (values.size() > 1 || !WHOLE_NUMBER.matcher(values.getFirst()).matches()) {
      throw new IllegalArgumentException(
          "X-Deadline-Millis must be one whole number of milliseconds, in decimal digits.");
    }
    BigInteger millis = new BigInteger(values.getFirst()).min(BigInteger.valueOf(MAX_MILLIS));
    Duration requested = Duration.ofMillis(millis.longValueExact());
    return requested.compareTo(routeDeadline) < 0 ? requested : routeDeadline;
  }

  /** Starts the time of a request. */
  public static Deadline after(Duration timeLimit, long nanoTime) {
    return new Deadline(nanoTime + timeLimit.toNanos());
  }

  /** Returns the remaining time, at least one nanosecond. */
  public Duration remaining(long nanoTime) {
    return Duration.ofNanos(Math.max(1, nanos - nanoTime));
  }

  public boolean isOver(long nanoTime) {
    return nanos - nanoTime <= 0;
  }

  /** Sets the header for a node: at least 1 ms. */
  public void writeTo(HttpHeaders headers, long nanoTime) {
    headers.set(HEADER, Long.toString(Math.clamp(TimeUnit.NANOSECONDS.toMillis(nanos - nanoTime), 1, MAX_MILLIS)));
  }
}
