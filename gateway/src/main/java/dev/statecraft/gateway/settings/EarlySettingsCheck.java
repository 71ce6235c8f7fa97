package dev.statecraft.gateway.settings;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Rejects an invalid configuration before the application context is built, so that the user sees one line and no
 * errors of half a context.
 */
public final class EarlySettingsCheck implements EnvironmentPostProcessor, Ordered {
  @Override
  public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
    GatewaySettings settings = SettingsCheck.read(environment);
    SettingsCheck.check(settings);
    SettingsCheck.keyRing(settings);
    SettingsCheck.drain(environment);
    SpringPropertiesCheck.check(environment);
  }

  @Override
  public int getOrder() {
    return LOWEST_PRECEDENCE;
  }
}
