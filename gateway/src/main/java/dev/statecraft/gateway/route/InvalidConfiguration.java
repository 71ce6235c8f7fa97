package dev.statecraft.gateway.route;

import org.springframework.boot.ExitCodeGenerator;

/** The configuration cannot be served. The message is one line that names the property; the process exits with 2. */
public final class InvalidConfiguration extends RuntimeException implements ExitCodeGenerator {
  private static final int BAD_INPUT = 2;

  public InvalidConfiguration(String message) {
    super(message);
  }

  @Override
  public int getExitCode() {
    return BAD_INPUT;
  }
}
