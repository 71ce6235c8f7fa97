package dev.statecraft.session;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.springframework.context.EnvironmentAware;
import org.springframework.context.annotation.ImportSelector;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/** Imports the configuration of the selected strategy, and loads no class of the others. */
final class StrategySelector implements ImportSelector, EnvironmentAware {
  static final String PROPERTY = "statecraft.session.strategy";

  @SuppressWarnings("NullAway.Init") // Spring sets it before selectImports
  private Environment environment;

  @Override
  public void setEnvironment(Environment environment) {
    this.environment = environment;
  }

  @Override
  public String[] selectImports(AnnotationMetadata importingClass) {
    return new String[]{configurationOf(selected(environment))};
  }

  static SessionStrategy selected(Environment environment) {
    String label = environment.getProperty(PROPERTY, SessionStrategy.AFFINITY.label()).strip();
    return Arrays
        .stream(SessionStrategy.values())
        .filter(strategy -> strategy.label().equals(label.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () -> new InvalidSettingException(
                PROPERTY,
                "is '" + label + "'",
                Arrays.stream(SessionStrategy.values()).map(SessionStrategy::label).collect(Collectors.joining(", "))));
  }

  /** The configuration of a strategy is in its own package and named after it. */
  static String configurationOf(SessionStrategy strategy) {
    String label = strategy.label();
    String name = Character.toUpperCase(label.charAt(0)) + label.substring(1) + "Configuration";
    return StrategySelector.class.getPackageName() + "." + label + "." + name;
  }
}
