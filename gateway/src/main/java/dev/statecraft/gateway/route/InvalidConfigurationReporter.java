package dev.statecraft.gateway.route;

import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Reports a bad configuration as one line on standard error, in place of a stack trace. */
@Order(Ordered.HIGHEST_PRECEDENCE)
public final class InvalidConfigurationReporter implements SpringBootExceptionReporter {
  @Override
  public boolean reportException(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof InvalidConfiguration bad) {
        System.err.println("gateway: " + bad.getMessage());
        return true;
      }
    }
    return false;
  }
}
