package dev.statecraft.lab.console;

import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses, checks and formats the values of command-line options. */
public final class OptionText {
  private static final double MAX_RATE = 50_000;
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|)");

  private OptionText() {}

  /**
   * Parses a duration such as {@code 500ms}, {@code 20s}, {@code 2m} or {@code 1h}; a bare number is in seconds.
   *
   * @throws InvalidInput if the text is not a duration; the message names the option
   */
  public static Duration duration(String option, String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw new InvalidInput(option + " " + text + ": not a duration; write it like 20s, 2m or 500ms");
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofSeconds(amount);
    };
  }

  /** Parses a duration and checks its inclusive bounds; the upper bound is in whole minutes. */
  public static Duration duration(String option, String text, Duration min, Duration max) {
    Duration duration = duration(option, text);
    if (duration.compareTo(min) < 0 || duration.compareTo(max) > 0) {
      throw new InvalidInput(option + " " + text + ": must be from " + format(min) + " to " + max.toMinutes() + "m");
    }
    return duration;
  }

  /** Formats a duration so that {@link #duration} parses it. */
  public static String format(Duration duration) {
    return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
  }

  /** Formats a number, without a fraction if it is whole. */
  public static String format(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }

  /**
   * Checks a request rate.
   *
   * @throws InvalidInput if it is not above 0 or is too high
   */
  public static double rate(double perSecond) {
    if (!(perSecond > 0) || perSecond > MAX_RATE) {
      throw new InvalidInput("--rate " + format(perSecond) + ": must be more than 0 and at most " + format(MAX_RATE));
    }
    return perSecond;
  }

  /**
   * The chosen names without duplicates, or all known names if none is chosen.
   *
   * @throws InvalidInput if a name is unknown
   */
  public static List<String> names(String kind, List<String> chosen, List<String> known) {
    for (String name : chosen) {
      if (!known.contains(name)) {
        throw new InvalidInput("unknown " + kind + " '" + name + "'; known: " + String.join(", ", known));
      }
    }
    return chosen.isEmpty() ? known : chosen.stream().distinct().toList();
  }
}
