package dev.statecraft.gateway.settings;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.boot.ExitCodeGenerator;

/** The configuration is invalid. The message is one line that names the property. The process exits with status 2. */
public final class InvalidConfigurationException extends RuntimeException implements ExitCodeGenerator {
  private static final int INVALID_INPUT = 2;

  public InvalidConfigurationException(String message) {
    super(message);
  }

  @Override
  public int getExitCode() {
    return INVALID_INPUT;
  }

  /** Returns the first line of what the root cause of a failure says. */
  public static String reasonOf(Throwable failure) {
    Throwable root = NestedExceptionUtils.getMostSpecificCause(failure);
    return String.valueOf(root.getMessage()).lines().findFirst().orElse(root.getClass().getSimpleName());
  }
}
