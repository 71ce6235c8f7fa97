package dev.statecraft.gateway.route;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Refuses a bad configuration before anything is built: at once, and without the errors of half a context behind it.
 */
public final class EarlySettingsCheck implements EnvironmentPostProcessor, Ordered {
  @Override
  public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
    GatewaySettings settings = SettingsCheck.read(environment);
    SettingsCheck.check(settings);
    SettingsCheck.keyRing(settings);
    SettingsCheck.drain(environment);
  }

  @Override
  public int getOrder() {
    return LOWEST_PRECEDENCE;
  }
}
