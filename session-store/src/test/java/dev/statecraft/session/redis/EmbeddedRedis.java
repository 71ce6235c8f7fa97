package dev.statecraft.session.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import redis.embedded.RedisServer;

/** A real Redis server process on a free port of this machine's loopback, keeping nothing on disk. */
final class EmbeddedRedis implements AutoCloseable {
  private final RedisServer server;
  private final int port;

  EmbeddedRedis() {
    try {
      port = freePort();
      server = RedisServer
          .newRedisServer()
          .port(port)
          .setting("save \"\"")
          .setting("appendonly no")
          .soutListener(line -> {})
          .serrListener(line -> {})
          .build();
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
