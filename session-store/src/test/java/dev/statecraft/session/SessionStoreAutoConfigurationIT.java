package dev.statecraft.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** With every auto-configuration on the class path, whose classes take seconds to load. */
class SessionStoreAutoConfigurationIT {
  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class Application {}

  private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
      .withUserConfiguration(Application.class);

  @ParameterizedTest
  @ValueSource(strings = {"affinity", "cookie"})
  void otherStrategiesDefineNoRedisBeans(String label) {
    runner.withPropertyValues("statecraft.session.strategy=" + label).run(context -> {
      assertThat(context).hasNotFailed().doesNotHaveBean(RedisConnectionFactory.class);
      assertThat(Arrays.stream(context.getBeanDefinitionNames()).map(name -> name.toLowerCase(Locale.ROOT)))
          .noneMatch(name -> name.contains("redis") || name.contains("lettuce"));
    });
  }

  @Test
  void redisStrategyConnectsToRedis() {
    runner
        .withPropertyValues("statecraft.session.strategy=redis")
        .run(context -> assertThat(context).hasNotFailed().hasSingleBean(RedisConnectionFactory.class));
  }

  @Test
  void keepsRedisOfApplicationWithOtherStrategy() {
    runner
        .withPropertyValues("statecraft.session.strategy=affinity", "spring.data.redis.host=cache.example")
        .run(context -> assertThat(context).hasNotFailed().hasSingleBean(RedisConnectionFactory.class));
  }
}
