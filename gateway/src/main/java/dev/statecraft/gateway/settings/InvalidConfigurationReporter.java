package dev.statecraft.gateway.settings;

import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Reports an invalid configuration as one line on standard error instead of a stack trace. */
@Order(Ordered.HIGHEST_PRECEDENCE)
public final class InvalidConfigurationReporter implements SpringBootExceptionReporter {
  @Override
  public boolean reportException(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof InvalidConfigurationException invalid) {
        System.err.println("gateway: " + invalid.getMessage());
        return true;
      }
    }
    return false;
  }
}
