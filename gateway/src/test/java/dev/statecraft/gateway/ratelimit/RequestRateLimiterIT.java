package dev.statecraft.gateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.gateway.Backend;
import dev.statecraft.gateway.RawClient;
import dev.statecraft.gateway.TestGateway;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import redis.embedded.RedisServer;

/** Spring Cloud Gateway's filter {@code RequestRateLimiter} on a Redis server. */
class RequestRateLimiterIT {
  /** Two requests at once, and one more each minute. */
  private static final String PAGE = """
      spring.cloud.gateway.server.webflux:
        redis-rate-limiter.include-headers: true
        routes:
          - id: limited
            uri: lb://shop
            predicates: [Path=/limited/**]
            filters:
              - name: RequestRateLimiter
                args:
                  redis-rate-limiter.replenishRate: 1
                  redis-rate-limiter.burstCapacity: 120
                  redis-rate-limiter.requestedTokens: 60
      """;
  private static final String GET = "GET /limited/x HTTP/1.1\r\nHost: a\r\n\r\n";

  private final Backend node = Backend.start("shop");

  @AfterEach
  void stop() {
    node.close();
  }

  @Test
  void limitsEachClient() throws IOException {
    int port = freePort();
    RedisServer redis = RedisServer.newRedisServer().port(port).setting("save \"\"").soutListener(line -> {})
        .serrListener(line -> {}).build();
    redis.start();
    try (TestGateway gateway = start("spring.data.redis.port=" + port);
        RawClient client = RawClient.connectFrom("127.0.0.2", gateway.port());
        RawClient other = RawClient.connectFrom("127.0.0.3", gateway.port())) {
      assertThat(status(client)).isEqualTo(200);
      assertThat(status(client)).isEqualTo(200);
      assertThat(status(client)).isEqualTo(429);
      RawClient.Response first = other.send(GET).readResponse();
      assertThat(first.status()).isEqualTo(200);
      assertThat(first.head()).contains("X-RateLimit-Remaining: 60");
      assertThat(unanswered(gateway)).isZero();
      redis.stop();
      assertThat(status(client)).as("Redis is down").isEqualTo(200);
      assertThat(unanswered(gateway)).isEqualTo(1);
    } finally {
      redis.stop();
    }
  }

  @Test
  void requestsPassWhileRedisIsAbsent() throws IOException {
    try (TestGateway gateway = start("spring.data.redis.port=1");
        RawClient client = RawClient.connectFrom("127.0.0.2", gateway.port())) {
      for (int i = 0; i < 5; i++) {
        assertThat(status(client)).isEqualTo(200);
      }
      assertThat(unanswered(gateway)).isEqualTo(5);
    }
  }

  @Test
  void gatewayWithoutRedisHasNoConnectionFactory() {
    try (TestGateway gateway = TestGateway.over(List.of(node))) {
      assertThat(gateway.context().getBeanNamesForType(ReactiveRedisConnectionFactory.class)).isEmpty();
      assertThat(gateway.get("/actuator/health").body()).contains("UP").doesNotContain("redis");
    }
  }

  private TestGateway start(String redis) {
    return TestGateway.ofPage(PAGE, List.of(node), List.of("spring.data.redis.host=127.0.0.1", redis));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static int status(RawClient client) throws IOException {
    return client.send(GET).readResponse().status();
  }

  private static double unanswered(TestGateway gateway) {
    return gateway.context().getBean(MeterRegistry.class).get("statecraft.gateway.rate.limiter.unanswered").counter()
        .count();
  }
}
