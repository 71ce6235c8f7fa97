package dev.statecraft.lab.console;

import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Values of options as people write them. */
public final class OptionText {
  private static final double MAX_RATE = 50_000;
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|)");

  private OptionText() {}

  /**
   * A duration such as {@code 500ms}, {@code 20s}, {@code 2m} or {@code 1h}; a bare number counts seconds.
   *
   * @throws InvalidInput where the text is none; the message names the option
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

  /** A duration within bounds, the upper one in whole minutes. */
  public static Duration duration(String option, String text, Duration min, Duration max) {
    Duration duration = duration(option, text);
    if (duration.compareTo(min) < 0 || duration.compareTo(max) > 0) {
      throw new InvalidInput(option + " " + text + ": from " + format(min) + " to " + max.toMinutes() + "m");
    }
    return duration;
  }

  /** The text that {@link #duration} reads back. */
  public static String format(Duration duration) {
    return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
  }

  /** A number without a fraction where it has none. */
  public static String format(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }

  /**
   * A rate that can be offered.
   *
   * @throws InvalidInput where it cannot
   */
  public static double rate(double perSecond) {
    if (!(perSecond > 0) || perSecond > MAX_RATE) {
      throw new InvalidInput("--rate " + format(perSecond) + ": more than 0, and at most " + format(MAX_RATE));
    }
    return perSecond;
  }

  /**
   * The names that were chosen, or all where none was.
   *
   * @throws InvalidInput where one is not known
   */
  public static List<String> names(String kind, List<String> chosen, List<String> known) {
    for (String name : chosen) {
      if (!known.contains(name)) {
        throw new InvalidInput("there is no " + kind + " '" + name + "'; there are " + String.join(", ", known));
      }
    }
    return chosen.isEmpty() ? known : chosen.stream().distinct().toList();
  }
}
