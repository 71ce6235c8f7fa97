package dev.statecraft.session.redis;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import dev.statecraft.session.SessionStrategy;
import dev.statecraft.session.contract.SessionContract;
import dev.statecraft.session.contract.TestCluster;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.slf4j.LoggerFactory;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/** {@code writes=last-write-wins}, with the Redis image for production. Needs a Docker engine. */
class RedisContainerContractIT extends SessionContract {
  private static final int REDIS_PORT = 6379;
  private static @Nullable GenericContainer<?> container;
  private static @Nullable String skipReason;

  @BeforeAll
  static void startRedis() throws InterruptedException {
    String image = System.getProperty("statecraft.redis.image", "redis:7-alpine");
    skipReason = findSkipReason(image);
    if (skipReason == null) {
      GenericContainer<?> started = new GenericContainer<>(DockerImageName.parse(image));
      started.withExposedPorts(REDIS_PORT).start();
      container = started;
    } else {
      LoggerFactory
          .getLogger(RedisContainerContractIT.class)
          .warn("Tests with a Redis container skipped: {}", skipReason);
    }
  }

  private static @Nullable String findSkipReason(String image) throws InterruptedException {
    try {
      if (!DockerClientFactory.instance().isDockerAvailable()) {
        return "no Docker engine responds";
      }
      return isAvailable(DockerClientFactory.lazyClient(), image)
          ? null
          : "the image " + image + " was not pulled within 30 s";
    } catch (RuntimeException e) {
      return "the Docker engine cannot pull the image " + image + " (" + e.getMessage() + ")";
    }
  }

  private static boolean isAvailable(DockerClient docker, String image) throws InterruptedException {
    try {
      docker.inspectImageCmd(image).exec();
      return true;
    } catch (NotFoundException absent) {
      return docker.pullImageCmd(image).start().awaitCompletion(30, TimeUnit.SECONDS);
    }
  }

  @AfterAll
  static void stopRedis() {
    if (container != null) {
      container.stop();
    }
  }

  @Override
  protected SessionStrategy strategy() {
    return new RedisStrategy();
  }

  /** {@link LastWriteWinsContractIT} rejects 100,000. */
  @Override
  protected int forgedTokens() {
    return 5_000;
  }

  @Override
  protected TestCluster start() {
    GenericContainer<?> redis = container;
    if (redis == null) {
      return Assumptions.abort(Objects.requireNonNullElse(skipReason, "Redis was not started"));
    }
    return new RedisTestCluster(
        new RedisStandaloneConfiguration(redis.getHost(), redis.getMappedPort(REDIS_PORT)), codec(),
        WriteMode.LAST_WRITE_WINS);
  }
}
