package dev.statecraft.session;

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
