package dev.statecraft.reactive.session;

import dev.statecraft.service.contract.ServiceUnderTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;
import redis.embedded.RedisServer;

@TestPropertySource(properties = {ServiceUnderTest.PROPERTIES,
  "statecraft.session.strategy=redis\nstatecraft.session.redis.writes=compare-and-set"})
class RedisSessionIT extends SessionHttpContract {
  @SuppressWarnings("NullAway.Init") // started before the context, which needs its port
  private static RedisServer redis;

  @DynamicPropertySource
  static void startRedis(DynamicPropertyRegistry properties) throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      redis = RedisServer.newRedisServer().port(socket.getLocalPort()).setting("save \"\"")
          .soutListener(line -> {}).serrListener(line -> {}).build();
      properties.add("spring.data.redis.host", () -> "127.0.0.1");
      properties.add("spring.data.redis.port", socket::getLocalPort);
    }
    redis.start();
  }

  @AfterAll
  static void stopRedis() throws IOException {
    redis.stop();
  }

  @Override
  boolean invalidatesOldCookies() {
    return true;
  }

  @Test
  void stoppedRedisIsAProblem() throws Exception {
    redis.stop();
    try {
      ServiceUnderTest.assertProblem(send(request("/session").header("Cookie",
          "SESSION=57217ba3-dbde-4f32-884f-568cee14af3a").GET()), 503);
      ServiceUnderTest.assertProblem(send(request("/session").header("Content-Type", "application/json")
          .POST(BodyPublishers.ofString("{\"user\": \"ada\"}"))), 503);
    } finally {
      redis.start();
    }
  }
}
