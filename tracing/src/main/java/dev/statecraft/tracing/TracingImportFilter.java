package dev.statecraft.tracing;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;

/**
 * Leaves out Spring Boot's configurations of tracing where the application does not trace, so that they cost nothing.
 */
final class TracingImportFilter implements AutoConfigurationImportFilter, EnvironmentAware {
  private static final List<String> OF_TRACING = List.of("org.springframework.boot.micrometer.tracing.",
      "org.springframework.boot.opentelemetry.", "dev.statecraft.tracing.");

  private @Nullable Environment environment;

  @Override
  public void setEnvironment(Environment given) {
    environment = given;
  }

  @Override
  public boolean[] match(@Nullable String[] configurations, AutoConfigurationMetadata metadata) {
    boolean traces = Objects.requireNonNull(environment).getProperty(TracingSwitch.ENABLED, Boolean.class, false);
    boolean[] kept = new boolean[configurations.length];
    for (int i = 0; i < kept.length; i++) {
      String name = configurations[i];
      kept[i] = traces || name == null || OF_TRACING.stream().noneMatch(name::startsWith);
    }
    return kept;
  }
}
