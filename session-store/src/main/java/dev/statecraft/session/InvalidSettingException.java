package dev.statecraft.session;

import java.time.Duration;
import org.springframework.boot.ExitCodeGenerator;

/** A setting cannot be used. Start-up stops with one message that names the property, and with exit code 2. */
public final class InvalidSettingException extends RuntimeException implements ExitCodeGenerator {
  private static final int EXIT_CODE = 2;

  private final String property;
  private final String expected;

  /**
   * Names the setting and what it accepts.
   *
   * @param property full name of the property
   * @param problem what is wrong with it; never the value of a secret
   * @param expected what the property accepts
   */
  public InvalidSettingException(String property, String problem, String expected) {
    super(property + " " + problem + ". Use " + expected + ".");
    this.property = property;
    this.expected = expected;
  }

  /**
   * Checks a duration.
   *
   * @param expected the range as users write it, such as {@code 1s to 5m}
   * @throws InvalidSettingException if {@code value} is less than {@code min} or greater than {@code max}
   */
  public static void requireRange(String property, Duration value, Duration min, Duration max, String expected) {
    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
      throw new InvalidSettingException(property, "is " + value, expected);
    }
  }

  @Override
  public int getExitCode() {
    return EXIT_CODE;
  }

  String property() {
    return property;
  }

  String expected() {
    return expected;
  }
}
