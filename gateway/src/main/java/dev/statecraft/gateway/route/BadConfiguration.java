package dev.statecraft.gateway.route;

import org.springframework.boot.ExitCodeGenerator;

/** The configuration cannot be served. The message is one line that names the property; the process exits with 2. */
public final class BadConfiguration extends RuntimeException implements ExitCodeGenerator {
  private static final int BAD_INPUT = 2;

  public BadConfiguration(String message) {
    super(message);
  }

  @Override
  public int getExitCode() {
    return BAD_INPUT;
  }
}
