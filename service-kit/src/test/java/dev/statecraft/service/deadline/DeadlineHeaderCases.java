package dev.statecraft.service.deadline;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code X-Deadline-Millis} means, as a table of cases. Each component that reads the header must agree. */
public final class DeadlineHeaderCases {
  /** The receiver's own limit in all cases. */
  public static final Duration LIMIT = Duration.ofSeconds(60);

  private DeadlineHeaderCases() {}

  /** All cases. */
  public static List<Case> all() {
    List<Case> cases = new ArrayList<>(List.of(
        new Case("absent: the limit", List.of(), LIMIT),
        valid("zero: the deadline has passed", "0", Duration.ZERO),
        valid("one millisecond", "1", Duration.ofMillis(1)),
        valid("leading zeros", "0000000500", Duration.ofMillis(500)),
        valid("zero with leading zeros: the deadline has passed", "000", Duration.ZERO),
        valid("just below the limit", "59999", Duration.ofMillis(59_999)),
        valid("the limit", "60000", LIMIT),
        valid("above the limit: the limit", "60001", LIMIT),
        valid("ten digits: the limit", "1000000000", LIMIT),
        valid("largest long: the limit", "9223372036854775807", LIMIT),
        valid("larger than a long: the limit", "9223372036854775808", LIMIT),
        valid("50 digits: the limit", "9".repeat(50), LIMIT)));
    for (String value : List.of("", "-1", "+1", "-0", "1.5", "1.0", "1e3", "0x10", "1_000", "1 000", "500ms", "PT1S",
        "soon", "null", "500,500", "500, 600", "500;q=1")) {
      cases.add(new Case("malformed: '" + value + "'", List.of(value), null));
    }
    cases.add(new Case("malformed: sent twice", List.of("500", "600"), null));
    cases.add(new Case("malformed: sent twice with the same value", List.of("500", "500"), null));
    return List.copyOf(cases);
  }

  private static Case valid(String name, String value, Duration timeLeft) {
    return new Case(name, List.of(value), timeLeft);
  }

  /**
   * A case.
   *
   * @param values all values of the header in a request
   * @param timeLeft what they mean, or null if they are malformed and the request must be answered with 400
   */
  public record Case(String name, List<String> values, @Nullable Duration timeLeft) {
    /** Copies the list. */
    public Case {
      values = List.copyOf(values);
    }

    @Override
    public String toString() {
      return name;
    }
  }
}
