package dev.statecraft.session.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import redis.embedded.RedisInstance;
import redis.embedded.RedisSentinel;
import redis.embedded.RedisServer;
import redis.embedded.core.RedisServerBuilder;

/** A Redis server process on a free loopback port, without persistence. */
final class EmbeddedRedis implements AutoCloseable {
  private final RedisInstance server;
  private final int port;

  EmbeddedRedis() {
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

  /** Starts a Redis Cluster of one server, which has all slots. */
  static EmbeddedRedis cluster() {
    // The server also listens on the port that is higher by 10,000.
    int port = IntStream.generate(EmbeddedRedis::freePort).filter(free -> free < 55_000).findFirst().orElseThrow();
    Path nodes = Path.of(System.getProperty("java.io.tmpdir"), "redis-nodes-" + port + "-" + UUID.randomUUID());
    nodes.toFile().deleteOnExit();
    EmbeddedRedis server = new EmbeddedRedis(port, List.of("cluster-enabled yes", "cluster-config-file " + nodes));
    List<String> slots = new ArrayList<>(List.of("CLUSTER", "ADDSLOTS"));
    IntStream.range(0, 16_384).mapToObj(Integer::toString).forEach(slots::add);
    assertThat(server.command(slots.toArray(String[]::new))).isEqualTo("+OK");
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> server.command("SET", "probe", "1").equals("+OK"));
    assertThat(server.command("DEL", "probe")).isEqualTo(":1");
    return server;
  }

  /** Sends a command and returns the first line of the answer. */
  String command(String... words) {
    StringBuilder message = new StringBuilder("*" + words.length + "\r\n");
    for (String word : words) {
      message.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
    }
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(30_000);
      socket.getOutputStream().write(message.toString().getBytes(StandardCharsets.US_ASCII));
      return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII)).readLine();
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

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
