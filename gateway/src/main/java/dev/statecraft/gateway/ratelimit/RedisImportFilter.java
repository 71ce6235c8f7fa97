package dev.statecraft.gateway.ratelimit;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;

/**
 * Leaves out Spring Boot's configurations of Redis where the gateway has none. They would connect to localhost, and
 * make the gateway's health depend on it.
 */
final class RedisImportFilter implements AutoConfigurationImportFilter, EnvironmentAware {
  private static final List<String> OF_REDIS = List.of("org.springframework.boot.data.redis.",
      "org.springframework.boot.transaction.", "org.springframework.boot.persistence.");

  private @Nullable Environment environment;

  @Override
  public void setEnvironment(Environment given) {
    environment = given;
  }

  @Override
  public boolean[] match(@Nullable String[] configurations, AutoConfigurationMetadata metadata) {
    boolean used = OnRedis.isConfigured(Objects.requireNonNull(environment));
    boolean[] kept = new boolean[configurations.length];
    for (int i = 0; i < kept.length; i++) {
      String name = configurations[i];
      kept[i] = used || name == null || OF_REDIS.stream().noneMatch(name::startsWith);
    }
    return kept;
  }
}
