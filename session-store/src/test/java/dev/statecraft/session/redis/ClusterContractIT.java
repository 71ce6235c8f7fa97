package dev.statecraft.session.redis;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.statecraft.session.Guarantee;
import dev.statecraft.session.InvalidSettingException;
import dev.statecraft.session.contract.SessionContract;
import dev.statecraft.session.SessionStrategy;
import dev.statecraft.session.contract.TestCluster;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.data.redis.connection.RedisClusterConfiguration;

/** {@code writes=compare-and-set} on a Redis Cluster, which refuses a script whose keys are in different slots. */
class ClusterContractIT extends SessionContract {
  private static EmbeddedRedis redis;

  @BeforeAll
  static void startRedis() {
    redis = EmbeddedRedis.cluster();
  }

  @AfterAll
  static void stopRedis() {
    redis.close();
  }

  @AfterEach
  void everyKeyExpires() {
    RedisExpiryKeys.assertEveryKeyExpires(redis.port());
  }

  @Override
  protected SessionStrategy strategy() {
    return new RedisStrategy();
  }

  @Override
  protected Guarantee guarantee() {
    return ((RedisTestCluster) cluster()).status(0).guarantee().orElseThrow();
  }

  /** {@link CompareAndSetContractIT} rejects 100,000. */
  @Override
  protected int forgedTokens() {
    return 5_000;
  }

  @Override
  protected TestCluster start() {
    return new RedisTestCluster(
        new RedisClusterConfiguration(List.of("127.0.0.1:" + redis.port())), codec(), WriteMode.COMPARE_AND_SET);
  }

  @Test
  void confirmedWritesAreRefusedAtStart() {
    assertThatExceptionOfType(BeanCreationException.class)
        .isThrownBy(() -> new RedisNode(redis.port(), "spring.data.redis.cluster.nodes=127.0.0.1:" + redis.port(),
            "statecraft.session.redis.writes=confirmed").close())
        .havingRootCause()
        .isInstanceOf(InvalidSettingException.class)
        .withMessageContaining("statecraft.session.redis.writes");
  }
}
