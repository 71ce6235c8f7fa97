package dev.statecraft.gateway.ratelimit;

import dev.statecraft.gateway.client.TrustedProxies;
import dev.statecraft.gateway.upstream.EventLoops;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.SocketOptions;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.data.redis.autoconfigure.DataRedisProperties;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientConfigurationBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.cloud.gateway.filter.ratelimit.KeyResolver;
import org.springframework.cloud.gateway.filter.ratelimit.RedisRateLimiter;
import org.springframework.cloud.gateway.support.ConfigurationService;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.server.HttpServerRequest;

/** Makes the filter {@code RequestRateLimiter} available where Redis is configured. */
@Configuration(proxyBeanMethods = false)
@Conditional(OnRedis.class)
class RateLimitConfiguration {
  private static final Duration COMMAND_TIMEOUT = Duration.ofMillis(250);
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
  private static final int MAX_WAITING = 1_024;

  /** Unless the application has a resolver: the client's address, as for the gateway's own limit. */
  @Bean
  @Fallback
  KeyResolver clientNetworkKeyResolver(TrustedProxies proxies) {
    return exchange -> {
      HttpServerRequest request = ServerHttpRequestDecorator.getNativeRequest(exchange.getRequest());
      return Mono.just(proxies.resolve(request).network());
    };
  }

  @Bean(destroyMethod = "dispose")
  Scheduler redisConnecting() {
    return Schedulers.newBoundedElastic(1, MAX_WAITING, "redis-connecting");
  }

  @Bean
  RedisRateLimiter redisRateLimiter(ReactiveStringRedisTemplate redis,
      @Qualifier(RedisRateLimiter.REDIS_SCRIPT_NAME) RedisScript<List<Long>> script, ConfigurationService configuration,
      @Qualifier("redisConnecting") Scheduler connecting, EventLoops loops, MeterRegistry registry) {
    Counter unanswered = Counter.builder("statecraft.gateway.rate.limiter.unanswered").register(registry);
    return new BoundedRedisRateLimiter(redis, script, configuration, connecting,
        () -> Schedulers.fromExecutor(loops.current()), unanswered);
  }

  @Bean
  LettuceClientConfigurationBuilderCustomizer boundedRedisCommands(DataRedisProperties properties) {
    return builder -> builder.commandTimeout(Objects.requireNonNullElse(properties.getTimeout(), COMMAND_TIMEOUT));
  }

  @Bean
  LettuceClientOptionsBuilderCustomizer boundedRedisConnections(DataRedisProperties properties) {
    return builder -> builder
        .socketOptions(SocketOptions.builder()
            .connectTimeout(Objects.requireNonNullElse(properties.getConnectTimeout(), CONNECT_TIMEOUT)).build())
        // Without a connection a request passes at once.
        .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS).requestQueueSize(MAX_WAITING);
  }
}
