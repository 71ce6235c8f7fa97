package dev.statecraft.lab.report;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Formats numbers (three significant digits, grouped thousands) and times for readers. */
public final class NumberFormats {
  /** Stands for a missing figure. */
  public static final String NONE = "-";

  /** Prevents a line break between a number and its unit. */
  private static final char NO_BREAK_SPACE = '\u00a0';

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("d MMMM uuuu, HH:mm 'UTC'", Locale.ENGLISH);
  private static final List<String> WORDS = List.of("no", "one", "two", "three", "four", "five", "six", "seven",
      "eight", "nine", "ten", "eleven", "twelve");

  private NumberFormats() {}

  public static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /** "three" for 3, "13" for 13. */
  public static String word(int count) {
    return count >= 0 && count < WORDS.size() ? WORDS.get(count) : count(count);
  }

  public static String number(@Nullable Double value) {
    if (value == null || !Double.isFinite(value)) {
      return NONE;
    }
    double size = Math.abs(value);
    String format = size == 0 || size >= 99.95 ? "%,.0f" : size >= 9.995 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, format, value);
  }

  /** A duration with its unit: "412 ms", "1.24 s". */
  public static String duration(@Nullable Double millis) {
    if (millis == null || !Double.isFinite(millis)) {
      return NONE;
    }
    return millis < 999.5 ? number(millis) + NO_BREAK_SPACE + "ms" : number(millis / 1000) + NO_BREAK_SPACE + "s";
  }

  /** A share such as "1.72 %"; "0 %" only for none. */
  public static String percent(long part, long whole) {
    if (part == 0 || whole == 0) {
      return "0" + NO_BREAK_SPACE + '%';
    }
    double percent = 100.0 * part / whole;
    return percent < 0.01
        ? "<" + NO_BREAK_SPACE + "0.01" + NO_BREAK_SPACE + '%'
        : number(percent) + NO_BREAK_SPACE + '%';
  }

  /** A time in UTC, to the minute: "14 March 2026, 09:26 UTC". */
  public static String time(Instant time) {
    return TIME.format(time.atOffset(ZoneOffset.UTC));
  }

  public static String capitalised(String text) {
    return text.isEmpty() ? text : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  /** "a", "a and b", "a, b and c". */
  public static String enumerated(List<String> parts) {
    int last = parts.size() - 1;
    return last < 1 ? String.join("", parts) : String.join(", ", parts.subList(0, last)) + " and " + parts.get(last);
  }
}
