package dev.statecraft.reactive.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/**
 * The moment after which nobody waits for the answer any more. It travels as the time that is left, in milliseconds, in
 * the header {@value #HEADER}, because the clocks of two nodes never agree; each node passes on less than it got.
 *
 * @param nanoTime the moment, by {@link System#nanoTime()}
 */
public record Deadline(long nanoTime) {
  /** The header that carries it. */
  public static final String HEADER = "X-Deadline-Millis";

  /**
   * The deadline of a request that has just arrived: the earlier of the longest time and what the header leaves.
   *
   * @throws ResponseStatusException 400 when the header is no whole number from 0 on
   */
  public static Deadline of(@Nullable String header, Duration longest) {
    long millis = longest.toMillis();
    if (header != null) {
      try {
        long left = Long.parseLong(header);
        if (left < 0) {
          throw new NumberFormatException(header);
        }
        millis = Math.min(millis, left);
      } catch (NumberFormatException e) {
        throw new ResponseStatusException(HttpStatus.BAD_REQUEST,
            HEADER + " must be a whole number of milliseconds.", e);
      }
    }
    return new Deadline(System.nanoTime() + Duration.ofMillis(millis).toNanos());
  }

  /** The nanoseconds left; 0 when it has passed. */
  public long leftNanos() {
    return Math.max(0, nanoTime - System.nanoTime());
  }

  /** Whether it has passed. */
  public boolean passed() {
    return leftNanos() == 0;
  }
}
