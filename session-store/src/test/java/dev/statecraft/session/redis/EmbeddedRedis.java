package dev.statecraft.session.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import redis.embedded.RedisInstance;
import redis.embedded.RedisSentinel;
import redis.embedded.RedisServer;
import redis.embedded.core.RedisServerBuilder;

/** A Redis server process on a free loopback port, without persistence. */
public final class EmbeddedRedis implements AutoCloseable {
  private final RedisInstance server;
  private final int port;

  public EmbeddedRedis() {
    this(freePort(), List.of());
  }

  /** Starts a server with an announced name. */
  static EmbeddedRedis named(String name) {
    return new EmbeddedRedis(freePort(), List.of("replica-announce-ip " + name));
  }

  private EmbeddedRedis(int port, List<String> settings) {
    this(port, server(port, settings));
  }

  private EmbeddedRedis(int port, RedisInstance server) {
    this.port = port;
    this.server = server;
    try {
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static RedisServer server(int port, List<String> settings) {
    try {
      RedisServerBuilder builder = RedisServer
          .newRedisServer()
          .port(port)
          .setting("save \"\"")
          .setting("appendonly no")
          .soutListener(line -> {})
          .serrListener(line -> {});
      settings.forEach(builder::setting);
      return builder.build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts a replica of this server. */
  EmbeddedRedis replica() {
    return new EmbeddedRedis(freePort(), List.of("replicaof 127.0.0.1 " + port));
  }

  /** Starts a sentinel that monitors this server as the primary of a group. */
  EmbeddedRedis sentinel(String group) {
    int free = freePort();
    return new EmbeddedRedis(
        free, RedisSentinel.newRedisSentinel().port(free).masterName(group).masterPort(port).quorumSize(1)
            .soutListener(line -> {}).serrListener(line -> {}).build());
  }

  public int port() {
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

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
