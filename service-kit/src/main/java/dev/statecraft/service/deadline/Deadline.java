package dev.statecraft.service.deadline;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/**
 * The moment after which the client no longer waits for the answer. Between nodes it travels as the time left, in
 * {@link DeadlineHeader}, because clocks of different nodes differ.
 *
 * @param nanoTime the moment, on the clock of {@link System#nanoTime()}
 */
public record Deadline(long nanoTime) {
  /**
   * Reads the deadline of a request that has just arrived.
   *
   * @param limit the longest time that the request may take
   * @throws ResponseStatusException 400 if {@link DeadlineHeader} is malformed, 504 if it is zero
   */
  public static Deadline of(HttpHeaders headers, Duration limit) {
    try {
      Duration timeLeft = DeadlineHeader.read(headers.getOrEmpty(DeadlineHeader.NAME), limit);
      if (timeLeft.isZero()) {
        throw exceededBefore("the request arrived");
      }
      return after(timeLeft);
    } catch (IllegalArgumentException malformed) {
      throw new ResponseStatusException(HttpStatus.BAD_REQUEST, malformed.getMessage(), malformed);
    }
  }

  /** Returns the deadline that passes after the given time. */
  public static Deadline after(Duration time) {
    return new Deadline(System.nanoTime() + time.toNanos());
  }

  /**
   * Returns the error for a request whose deadline has passed: 504.
   *
   * @param event what did not happen in time, such as {@code the work was done}
   */
  public static ResponseStatusException exceededBefore(String event) {
    return new ResponseStatusException(HttpStatus.GATEWAY_TIMEOUT, "The deadline passed before " + event + ".");
  }

  /** Time left in nanoseconds; 0 if the deadline has passed. */
  public long remainingNanos() {
    return Math.max(0, nanoTime - System.nanoTime());
  }

  /** Time left in whole milliseconds; 0 if the deadline has passed or less than 1 ms is left. */
  public long remainingMillis() {
    return TimeUnit.NANOSECONDS.toMillis(remainingNanos());
  }

  /** Time left; zero if the deadline has passed. */
  public Duration remaining() {
    return Duration.ofNanos(remainingNanos());
  }

  /** Tells whether the deadline has passed. */
  public boolean hasPassed() {
    return remainingNanos() == 0;
  }
}
