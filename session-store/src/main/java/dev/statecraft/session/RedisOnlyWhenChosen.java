package dev.statecraft.session;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;

/**
 * Keeps of Spring Boot's Redis auto-configurations the one that connects, and that one only where the strategy is
 * {@code redis}: this library alone put Redis on the class path, so without this every other strategy would get
 * connections to, and a health check of, a Redis that nobody runs. Readiness asks the session store itself, and neither
 * reactive access nor repositories are needed. An application that uses Redis for something else imports what it needs
 * of them itself.
 */
final class RedisOnlyWhenChosen implements AutoConfigurationImportFilter, EnvironmentAware {
  private static final String REDIS = "org.springframework.boot.data.redis.autoconfigure.";
  private static final Set<String> NEEDLESS = Set.of(
      REDIS + "DataRedisReactiveAutoConfiguration",
      REDIS + "DataRedisRepositoriesAutoConfiguration",
      REDIS + "health.DataRedisHealthContributorAutoConfiguration",
      REDIS + "health.DataRedisReactiveHealthContributorAutoConfiguration");

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
      // Spring asks about every class that an auto-configuration imports, too.
      String name = autoConfigurations[i];
      keep[i] = name == null || !name.startsWith(REDIS) || (chosen && !NEEDLESS.contains(name));
    }
    return keep;
  }
}
