package dev.statecraft.session.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import redis.embedded.RedisServer;
import redis.embedded.core.RedisServerBuilder;

/** A real Redis server process on a free port of this machine's loopback, keeping nothing on disk. */
final class EmbeddedRedis implements AutoCloseable {
  private final RedisServer server;
  private final int port;

  EmbeddedRedis() {
    this(List.of());
  }

  private EmbeddedRedis(List<String> settings) {
    try {
      port = freePort();
      RedisServerBuilder builder = RedisServer
          .newRedisServer()
          .port(port)
          .setting("save \"\"")
          .setting("appendonly no")
          .soutListener(line -> {})
          .serrListener(line -> {});
      settings.forEach(builder::setting);
      server = builder.build();
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts a server that follows this one. */
  EmbeddedRedis replica() {
    return new EmbeddedRedis(List.of("replicaof 127.0.0.1 " + port));
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
