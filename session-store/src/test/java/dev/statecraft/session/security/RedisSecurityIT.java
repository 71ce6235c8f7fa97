package dev.statecraft.session.security;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import redis.embedded.RedisServer;

class RedisSecurityIT {
  @SuppressWarnings("NullAway.Init") // set before all tests
  private static RedisServer redis;
  private static int port;

  @BeforeAll
  static void startRedis() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    redis = RedisServer.newRedisServer().port(port).setting("save \"\"").soutListener(line -> {})
        .serrListener(line -> {}).build();
    redis.start();
  }

  @AfterAll
  static void stopRedis() throws IOException {
    redis.stop();
  }

  abstract static class OnRedis extends SecuredApplicationContract {
    abstract List<String> mode();

    @Override
    final List<String> settings(int node) {
      List<String> all = new ArrayList<>(mode());
      all.add("spring.data.redis.host=127.0.0.1");
      all.add("spring.data.redis.port=" + port);
      return all;
    }

    @Override
    final int nodes() {
      return 2;
    }

    @Override
    final boolean revokes() {
      return true;
    }
  }

  @Nested
  class LastWriteWins extends OnRedis {
    @Override
    List<String> mode() {
      return List.of("statecraft.session.strategy=redis");
    }
  }

  @Nested
  class CompareAndSet extends OnRedis {
    @Override
    List<String> mode() {
      return List.of("statecraft.session.strategy=redis", "statecraft.session.redis.writes=compare-and-set");
    }
  }

  @Nested
  class CookieWithDenyList extends OnRedis {
    @Override
    List<String> mode() {
      return List.of("statecraft.session.strategy=cookie", "statecraft.session.cookie.deny-list=redis",
          "statecraft.session.keys.test=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
    }
  }
}
