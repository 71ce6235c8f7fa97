package com.example.shop;

import dev.statecraft.session.contract.LoopbackMembers;
import dev.statecraft.session.redis.EmbeddedRedis;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A session store: what it needs beside the application, and what its guarantee says about the shop. */
enum Store {
  AFFINITY(false, false, true, true),
  REDIS(true, true, true, true),
  REPLICATED(true, true, true, true),
  COOKIE(true, true, false, false),
  SPRING_REDIS(true, true, true, false),
  JDBC(true, true, true, true),
  HAZELCAST(true, true, true, true),
  INFINISPAN(true, true, true, true);

  private static final List<Store> PEERS = List.of(SPRING_REDIS, JDBC, HAZELCAST, INFINISPAN);
  private static final String KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

  /** Every replica serves every session. */
  final boolean anyReplica;
  /** A session survives the replica that created it. */
  final boolean survivesReplica;
  /** After a logout its cookies are worth nothing. */
  final boolean revokes;
  /** The store finds the sessions of a user. */
  final boolean findsByUser;

  Store(boolean anyReplica, boolean survivesReplica, boolean revokes, boolean findsByUser) {
    this.anyReplica = anyReplica;
    this.survivesReplica = survivesReplica;
    this.revokes = revokes;
    this.findsByUser = findsByUser;
  }

  String strategy() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** One of two may be lost; a majority of one of two is none. */
  int replicas() {
    return this == REPLICATED ? 3 : 2;
  }

  /** Directories with jars that the application has not. */
  List<Path> libraries() {
    return PEERS.contains(this) ? List.of(Path.of("../../session-peers", strategy(), "target", "peer")) : List.of();
  }

  /** Starts the servers of the store. */
  Backend start(Path directory) {
    try {
      return switch (this) {
        case AFFINITY -> new Backend(null, Map.of(), null, directory);
        case COOKIE -> new Backend(null, Map.of("statecraft.session.keys.k1", KEY), null, directory);
        case REDIS, SPRING_REDIS -> {
          EmbeddedRedis redis = new EmbeddedRedis();
          yield new Backend(
              redis::close,
              Map.of("spring.data.redis.host", "127.0.0.1", "spring.data.redis.port", Integer.toString(redis.port())),
              null,
              directory);
        }
        case JDBC -> {
          EmbeddedPostgres postgres = EmbeddedPostgres.start();
          yield new Backend(
              postgres,
              Map.of("spring.datasource.url", postgres.getJdbcUrl("postgres", "postgres")),
              null,
              directory);
        }
        case REPLICATED, HAZELCAST, INFINISPAN -> {
          LoopbackMembers members = new LoopbackMembers(replicas());
          Map<String, String> shared = new HashMap<>();
          shared.put("statecraft.session." + strategy() + ".members", members.list());
          if (this == REPLICATED) {
            shared.put("statecraft.session.keys.k1", KEY);
          }
          yield new Backend(null, shared, members, directory);
        }
      };
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What runs beside the replicas. */
  record Backend(@Nullable Closeable server, Map<String, String> shared, @Nullable LoopbackMembers members,
      Path directory) implements Closeable {
    Map<String, String> propertiesOf(Store store, int replica) {
      Map<String, String> properties = new HashMap<>(shared);
      properties.put("statecraft.session.strategy", store.strategy());
      properties.put("statecraft.node", "n" + replica);
      if (store == REPLICATED) {
        properties.put("statecraft.session.replicated.directory", directory.resolve("n" + replica).toString());
      }
      return properties;
    }

    @Override
    public void close() throws IOException {
      if (server != null) {
        server.close();
      }
    }
  }
}
