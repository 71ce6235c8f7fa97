package dev.statecraft.session;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;

/**
 * Leaves Spring Boot's Redis auto-configurations out unless the strategy is {@code redis}: this library alone put Redis on
 * the class path, so without this every other strategy would get connections to, and a health check of, a Redis that
 * nobody runs. An application that uses Redis for something else imports {@code DataRedisAutoConfiguration} itself.
 */
final class RedisOnlyWhenChosen implements AutoConfigurationImportFilter, EnvironmentAware {
  private static final String REDIS = "org.springframework.boot.data.redis.autoconfigure.";

  private boolean chosen;

  @Override
  public void setEnvironment(Environment environment) {
    chosen = SessionStrategy.REDIS
        .label()
        .equalsIgnoreCase(environment.getProperty(StrategySelector.PROPERTY, "").strip());
  }

  @Override
  public boolean[] match(@Nullable String[] autoConfigurations, AutoConfigurationMetadata metadata) {
    boolean[] keep = new boolean[autoConfigurations.length];
    for (int i = 0; i < keep.length; i++) {
      String name = autoConfigurations[i];
      keep[i] = chosen || name == null || !name.startsWith(REDIS);
    }
    return keep;
  }
}
