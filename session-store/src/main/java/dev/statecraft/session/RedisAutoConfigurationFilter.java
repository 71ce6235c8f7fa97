package dev.statecraft.session;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;

/**
 * Excludes Spring Boot's Redis auto-configurations unless the strategy is {@code redis}, and then excludes those that
 * this library does not need. This library puts Redis on the class path, so without the filter every other strategy
 * would connect to a Redis that does not exist and report it as unhealthy. An application that uses Redis for something
 * else must import the auto-configurations that it needs.
 */
final class RedisAutoConfigurationFilter implements AutoConfigurationImportFilter, EnvironmentAware {
  private static final String REDIS = "org.springframework.boot.data.redis.autoconfigure.";
  private static final Set<String> UNNEEDED = Set.of(REDIS + "DataRedisReactiveAutoConfiguration",
      REDIS + "DataRedisRepositoriesAutoConfiguration", REDIS + "health.DataRedisHealthContributorAutoConfiguration",
      REDIS + "health.DataRedisReactiveHealthContributorAutoConfiguration");

  private boolean redisSelected;

  @Override
  public void setEnvironment(Environment environment) {
    redisSelected = SessionStrategy.REDIS.label()
        .equalsIgnoreCase(environment.getProperty(StrategySelector.PROPERTY, "").strip());
  }

  @Override
  public boolean[] match(@Nullable String[] autoConfigurations, AutoConfigurationMetadata metadata) {
    boolean[] keep = new boolean[autoConfigurations.length];
    for (int i = 0; i < keep.length; i++) {
      String name = autoConfigurations[i];
      keep[i] = name == null || !name.startsWith(REDIS) || (redisSelected && !UNNEEDED.contains(name));
    }
    return keep;
  }
}
