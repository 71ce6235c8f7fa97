package dev.statecraft.service.deadline;

import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The rule of the request header {@value #NAME}, which carries the time left for the answer in milliseconds.
 *
 * <p>The value is one whole number in decimal digits. Zero means that the deadline has passed. A value above the
 * receiver's own limit means that limit, however many digits it has. Everything else is malformed: a sign, a fraction,
 * a unit, an empty value, several values.
 */
public final class DeadlineHeader {
  /** Name of the header. */
  public static final String NAME = "X-Deadline-Millis";

  private static final Pattern WHOLE_NUMBER = Pattern.compile("[0-9]+");

  private DeadlineHeader() {}

  /**
   * Returns the time left for the answer, at most the limit, or the limit if there is no header.
   *
   * @param values all values of the header in the request
   * @throws IllegalArgumentException if the header is malformed; the message is fit to be shown to the client
   */
  public static Duration read(List<String> values, Duration limit) {
    if (values.isEmpty()) {
      return limit;
    }
    String value = values.getFirst();
    if (values.size() > 1 || !WHOLE_NUMBER.matcher(value).matches()) {
      throw new IllegalArgumentException(NAME + " must be one whole number of milliseconds, in decimal digits.");
    }
    return Duration.ofMillis(new BigInteger(value).min(BigInteger.valueOf(limit.toMillis())).longValueExact());
  }
}
