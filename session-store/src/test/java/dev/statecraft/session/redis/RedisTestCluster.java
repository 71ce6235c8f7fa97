package dev.statecraft.session.redis;

import dev.statecraft.session.AttributeCodec;
import dev.statecraft.session.MovableTime;
import dev.statecraft.session.SessionContract;
import dev.statecraft.session.TestCluster;
import io.lettuce.core.resource.ClientResources;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Two nodes, each with connections of its own to one Redis. */
final class RedisTestCluster implements TestCluster {
  /** Threads, which are dear to start; shared by all tests, so that each can have connections of its own. */
  private static final ClientResources THREADS = ClientResources.create();

  private final MovableTime time = new MovableTime();
  private final List<LettuceConnectionFactory> connections;
  private final List<RedisSessions<?>> nodes;

  RedisTestCluster(String host, int port, AttributeCodec codec) {
    this(host, port, codec, Writes.LAST_WRITE_WINS);
  }

  RedisTestCluster(String host, int port, AttributeCodec codec, Writes writes) {
    connections = List.of(connect(host, port), connect(host, port));
    Duration touchAfter = SessionContract.TIMEOUT.dividedBy(20);
    nodes = connections.stream().<RedisSessions<?>>map(factory -> switch (writes) {
      case LAST_WRITE_WINS -> RedisStore.on(factory, codec, SessionContract.TIMEOUT, touchAfter, time);
      case COMPARE_AND_SET -> guarded(factory, codec, touchAfter, 0);
      case CONFIRMED -> {
        factory.setShareNativeConnection(false);
        yield guarded(factory, codec, touchAfter, 1);
      }
    }).toList();
  }

  private VersionedStore guarded(
      LettuceConnectionFactory factory, AttributeCodec codec, Duration touchAfter, int replicas) {
    return new VersionedStore(factory, codec, SessionContract.TIMEOUT, touchAfter,
        new ReplicaAcknowledgement(replicas, Duration.ofMillis(300)), time);
  }

  private static LettuceConnectionFactory connect(String host, int port) {
    LettuceConnectionFactory factory = new LettuceConnectionFactory(
        new RedisStandaloneConfiguration(host, port),
        LettuceClientConfiguration
            .builder()
            .commandTimeout(Duration.ofSeconds(5))
            .clientResources(THREADS)
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
  public RedisSessions<?> node(int index) {
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
