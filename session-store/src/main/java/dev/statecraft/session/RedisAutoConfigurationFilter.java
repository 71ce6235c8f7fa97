package dev.statecraft.session;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;

/**
 * Excludes Spring Boot's Redis auto-configurations unless something uses Redis: the strategy, the deny list of the
 * strategy {@code cookie}, or the application itself, which then sets an address below {@code spring.data.redis}. This
 * library puts Redis on the class path, so without the filter an application without Redis would report a Redis that
 * does not exist as unhealthy.
 */
final class RedisAutoConfigurationFilter implements AutoConfigurationImportFilter, EnvironmentAware {
  private static final String REDIS = "org.springframework.boot.data.redis.autoconfigure.";
  private static final String DENY_LIST = "statecraft.session.cookie.deny-list";

  private static final List<String> ADDRESSES = Stream
      .of("host", "port", "url", "sentinel", "cluster", "masterreplica")
      .map(name -> "spring.data.redis." + name)
      .toList();
  private static final Bindable<Object> ANYTHING = Bindable.of(Object.class);

  private boolean redisUsed;

  @Override
  public void setEnvironment(Environment environment) {
    redisUsed = SessionStrategy.REDIS.label().equalsIgnoreCase(property(environment, StrategySelector.PROPERTY))
        || SessionStrategy.REDIS.label().equalsIgnoreCase(property(environment, DENY_LIST))
        || ADDRESSES.stream().anyMatch(name -> Binder.get(environment).bind(name, ANYTHING).isBound());
  }

  private static String property(Environment environment, String name) {
    return environment.getProperty(name, "").strip();
  }

  @Override
  public boolean[] match(@Nullable String[] autoConfigurations, AutoConfigurationMetadata metadata) {
    boolean[] keep = new boolean[autoConfigurations.length];
    for (int i = 0; i < keep.length; i++) {
      String name = autoConfigurations[i];
      keep[i] = name == null || redisUsed || !name.startsWith(REDIS);
    }
    return keep;
  }
}
