package dev.statecraft.session.redis;

import dev.statecraft.session.AttributeReader.UnreadablePolicy;
import dev.statecraft.session.contract.MovableTime;
import dev.statecraft.session.contract.RecordedEvents;
import dev.statecraft.session.contract.SessionContract;
import dev.statecraft.session.SessionStoreContext;
import dev.statecraft.session.contract.TestCluster;
import dev.statecraft.session.TestContext;
import dev.statecraft.session.attribute.AttributeCodec;
import dev.statecraft.session.redisclient.ConnectionMonitor;
import dev.statecraft.session.redisclient.RedisClientConfiguration;
import dev.statecraft.session.redisclient.WriteProbe;
import io.lettuce.core.resource.ClientResources;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Two nodes with separate connections to one Redis server or cluster. */
final class RedisTestCluster implements TestCluster {
  /** Shared by all tests, because its threads are slow to start. */
  static final ClientResources CLIENT_RESOURCES = ClientResources.create();
  private static final Duration REPLICA_TIMEOUT = Duration.ofMillis(300);

  private final MovableTime time = new MovableTime();
  private final RecordedEvents events = new RecordedEvents();
  private final List<LettuceConnectionFactory> connections;
  private final List<RedisSessionRepository> nodes;
  private final List<RedisStatus> statuses = new ArrayList<>();

  RedisTestCluster(int port, AttributeCodec codec, WriteMode writes) {
    this(new RedisStandaloneConfiguration("127.0.0.1", port), codec, writes);
  }

  RedisTestCluster(RedisConfiguration where, AttributeCodec codec, WriteMode writes) {
    SessionStoreContext context = TestContext
        .of(SessionContract.TIMEOUT, codec, time, UnreadablePolicy.END_SESSION, events);
    ConnectionMonitor monitor = new ConnectionMonitor(RedisClientConfiguration.stallLimit(COMMAND_TIMEOUT));
    connections = List.of(connect(where, CLIENT_RESOURCES), connect(where, CLIENT_RESOURCES));
    nodes = connections.stream().map(factory -> {
      factory.setShareNativeConnection(writes != WriteMode.CONFIRMED);
      RedisSessionRepository node = new RedisSessionRepository(context, new RedisScripts(factory), writes,
          new ReplicaAcknowledgement(writes == WriteMode.CONFIRMED ? 1 : 0, REPLICA_TIMEOUT), monitor);
      statuses.add(new RedisStatus(factory, node, writes, new WriteProbe(factory, context.namespace(), monitor)));
      return node;
    }).toList();
  }

  private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(5);

  static LettuceConnectionFactory connect(RedisConfiguration where, ClientResources resources) {
    LettuceConnectionFactory factory = new LettuceConnectionFactory(
        where,
        LettuceClientConfiguration
            .builder()
            .commandTimeout(COMMAND_TIMEOUT)
            .clientResources(resources)
            .shutdownTimeout(Duration.ZERO)
            .build());
    factory.afterPropertiesSet();
    factory.start();
    return factory;
  }

  LettuceConnectionFactory connection(int node) {
    return connections.get(node);
  }

  RedisStatus status(int node) {
    return statuses.get(node);
  }

  static byte[] key(String id) {
    return new RedisKeys(TestContext.NAMESPACE).session(id).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public RedisSessionRepository node(int index) {
    return nodes.get(index);
  }

  @Override
  public void kill(int index) {
    connections.get(index).destroy();
  }

  @Override
  public Instant now() {
    return time.instant();
  }

  @Override
  public void pass(Duration duration) {
    time.pass(duration);
  }

  @Override
  public RecordedEvents events() {
    return events;
  }

  @Override
  public void removeExpired() {
    nodes.forEach(RedisSessionRepository::removeExpired);
  }

  @Override
  public void close() {
    connections.forEach(LettuceConnectionFactory::destroy);
  }
}
