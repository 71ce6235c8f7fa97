package dev.statecraft.session.redis;

import dev.statecraft.session.AttributeCodec;
import dev.statecraft.session.contract.MovableTime;
import dev.statecraft.session.contract.SessionContract;
import dev.statecraft.session.contract.TestCluster;
import io.lettuce.core.resource.ClientResources;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Two nodes with separate connections to one Redis server. */
final class RedisTestCluster implements TestCluster {
  /** Shared by all tests, because its threads are slow to start. */
  private static final ClientResources CLIENT_RESOURCES = ClientResources.create();

  private final MovableTime time = new MovableTime();
  private final List<LettuceConnectionFactory> connections;
  private final List<RedisSessionStore<?>> nodes;

  RedisTestCluster(String host, int port, AttributeCodec codec) {
    this(host, port, codec, WriteMode.LAST_WRITE_WINS);
  }

  RedisTestCluster(String host, int port, AttributeCodec codec, WriteMode writes) {
    connections = List.of(connect(host, port), connect(host, port));
    Duration persistInterval = SessionContract.TIMEOUT.dividedBy(20);
    nodes = connections.stream().<RedisSessionStore<?>>map(factory -> switch (writes) {
      case LAST_WRITE_WINS -> LastWriteWinsStore.create(factory, codec, SessionContract.TIMEOUT, persistInterval, time);
      case COMPARE_AND_SET -> versionedStore(factory, codec, persistInterval, 0);
      case CONFIRMED -> {
        factory.setShareNativeConnection(false);
        yield versionedStore(factory, codec, persistInterval, 1);
      }
    }).toList();
  }

  private VersionedStore versionedStore(
      LettuceConnectionFactory factory, AttributeCodec codec, Duration persistInterval, int replicas) {
    return new VersionedStore(factory, codec, SessionContract.TIMEOUT, persistInterval,
        new ReplicaAcknowledgement(replicas, Duration.ofMillis(300)), time);
  }

  private static LettuceConnectionFactory connect(String host, int port) {
    LettuceConnectionFactory factory = new LettuceConnectionFactory(
        new RedisStandaloneConfiguration(host, port),
        LettuceClientConfiguration
            .builder()
            .commandTimeout(Duration.ofSeconds(5))
            .clientResources(CLIENT_RESOURCES)
            .shutdownTimeout(Duration.ZERO)
            .build());
    factory.afterPropertiesSet();
    factory.start();
    return factory;
  }

  LettuceConnectionFactory connection(int node) {
    return connections.get(node);
  }

  @Override
  public RedisSessionStore<?> node(int index) {
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
  public void close() {
    connections.forEach(LettuceConnectionFactory::destroy);
  }
}
