package dev.statecraft.session;

import org.springframework.boot.ExitCodeGenerator;

/** A setting that cannot be used; stops start-up with one message that names the property, and exit code 2. */
public final class InvalidSettingException extends RuntimeException implements ExitCodeGenerator {
  private static final int BAD_INPUT = 2;

  private final String property;
  private final String wanted;

  /**
   * Names the setting and what would be accepted.
   *
   * @param property the full name of the property
   * @param problem what is wrong with it; never a secret's value
   * @param wanted what would be accepted
   */
  public InvalidSettingException(String property, String problem, String wanted) {
    super(property + " " + problem + ". Use " + wanted + ".");
    this.property = property;
    this.wanted = wanted;
  }

  @Override
  public int getExitCode() {
    return BAD_INPUT;
  }

  String property() {
    return property;
  }

  String wanted() {
    return wanted;
  }
}
