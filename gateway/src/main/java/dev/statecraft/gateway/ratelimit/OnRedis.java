package dev.statecraft.gateway.ratelimit;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Matches where the address of a Redis server is configured. */
final class OnRedis implements Condition {
  @Override
  public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
    return isConfigured(context.getEnvironment());
  }

  static boolean isConfigured(Environment environment) {
    return Binder.get(environment).bind("spring.data.redis", Bindable.mapOf(String.class, Object.class)).isBound();
  }
}
