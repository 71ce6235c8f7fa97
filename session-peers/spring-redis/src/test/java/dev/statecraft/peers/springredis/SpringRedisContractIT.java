package dev.statecraft.peers.springredis;

import dev.statecraft.session.SessionStrategy;
import dev.statecraft.session.contract.ContextNode;
import dev.statecraft.session.contract.RealTimeCluster;
import dev.statecraft.session.contract.SessionContract;
import dev.statecraft.session.contract.TestCluster;
import dev.statecraft.session.redis.EmbeddedRedis;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.springframework.data.redis.core.StringRedisTemplate;

class SpringRedisContractIT extends SessionContract {
  private static final String PREFIX = "spring:session:sessions:";
  private static final List<ContextNode> NODES = new ArrayList<>();
  private static EmbeddedRedis redis;

  @BeforeAll
  static void startNodes() {
    redis = new EmbeddedRedis();
    startNode();
    startNode();
  }

  private static void startNode() {
    NODES.add(
        new ContextNode(
            "statecraft.session.strategy=spring-redis",
            "spring.data.redis.host=127.0.0.1",
            "spring.data.redis.port=" + redis.port()));
  }

  @AfterAll
  static void stopNodes() {
    NODES.forEach(ContextNode::close);
    redis.close();
  }

  @Override
  protected SessionStrategy strategy() {
    return NODES.getFirst().bean(SessionStrategy.class);
  }

  @Override
  protected TestCluster start() {
    return new RealTimeCluster(
        NODES,
        SpringRedisContractIT::ids,
        index -> {
          NODES.remove(index).close();
          startNode();
        });
  }

  private static List<String> ids() {
    return Objects
        .requireNonNull(NODES.getFirst().bean(StringRedisTemplate.class).keys(PREFIX + "*"))
        .stream()
        .map(key -> key.substring(PREFIX.length()))
        .toList();
  }
}
