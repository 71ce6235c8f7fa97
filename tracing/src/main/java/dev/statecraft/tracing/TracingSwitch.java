package dev.statecraft.tracing;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;
import org.springframework.util.StringUtils;

/**
 * Decides whether the application traces, unless the configuration does: it traces if a collector is configured.
 * Without this decision Spring Boot would make spans that nobody receives, and reserve a column for their ids in each
 * log line.
 */
final class TracingSwitch implements EnvironmentPostProcessor {
  /** Spring Boot's property that switches tracing. */
  static final String ENABLED = "management.tracing.export.enabled";
  /** Spring Boot's property with the address of the collector. */
  static final String ENDPOINT = "management.opentelemetry.tracing.export.otlp.endpoint";
  /** Spring Boot's property that brings the ids of the trace to log lines of reactive code. */
  static final String CONTEXT_PROPAGATION = "spring.reactor.context-propagation";

  @Override
  public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
    // Last, so that each other source takes precedence.
    environment.getPropertySources().addLast(new Defaults(environment));
  }

  /** Answers when asked, because the configuration may not be complete yet. */
  private static final class Defaults extends PropertySource<Object> {
    private final Environment environment;

    Defaults(Environment environment) {
      // Not the environment, because Spring Boot searches the sources of an environment that is a source.
      super("statecraft-tracing", new Object());
      this.environment = environment;
    }

    @Override
    public @Nullable Object getProperty(String name) {
      return switch (name) {
        case ENABLED -> StringUtils.hasText(environment.getProperty(ENDPOINT));
        case CONTEXT_PROPAGATION -> environment.getProperty(ENABLED, Boolean.class, false) ? "auto" : null;
        default -> null;
      };
    }
  }
}
