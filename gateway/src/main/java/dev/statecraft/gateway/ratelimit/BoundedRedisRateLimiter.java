package dev.statecraft.gateway.ratelimit;

import io.micrometer.core.instrument.Counter;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.springframework.cloud.gateway.filter.ratelimit.RedisRateLimiter;
import org.springframework.cloud.gateway.support.ConfigurationService;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Spring Cloud Gateway's rate limiter on Redis. The request goes on at the event loop of its client, and connecting to
 * Redis, which blocks, does not hold up that loop. If Redis does not answer, the request passes.
 */
final class BoundedRedisRateLimiter extends RedisRateLimiter {
  /** What Spring's rate limiter reports of a client when Redis did not answer. */
  private static final String UNKNOWN = "-1";

  private final Scheduler connecting;
  private final Supplier<Scheduler> current;
  private final Counter unanswered;

  /**
   * Makes a rate limiter.
   *
   * @param connecting runs what may block
   * @param current returns what runs the caller
   */
  BoundedRedisRateLimiter(ReactiveStringRedisTemplate redis, RedisScript<List<Long>> script,
      ConfigurationService configuration, Scheduler connecting, Supplier<Scheduler> current, Counter unanswered) {
    super(redis, script, configuration);
    this.connecting = connecting;
    this.current = current;
    this.unanswered = unanswered;
  }

  @Override
  public Mono<Response> isAllowed(String routeId, String id) {
    Scheduler caller = current.get();
    return Mono.defer(() -> super.isAllowed(routeId, id)).subscribeOn(connecting)
        .onErrorReturn(new Response(true, Map.of(getRemainingHeader(), UNKNOWN)))
        .doOnNext(response -> {
          if (UNKNOWN.equals(response.getHeaders().get(getRemainingHeader()))) {
            unanswered.increment();
          }
        }).publishOn(caller);
  }
}
