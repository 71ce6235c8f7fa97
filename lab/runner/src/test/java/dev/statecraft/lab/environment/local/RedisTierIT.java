package dev.statecraft.lab.environment.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.statecraft.lab.environment.local.process.Node;
import dev.statecraft.lab.environment.local.process.Ports;
import dev.statecraft.lab.environment.local.process.ProcessEndpoint;
import dev.statecraft.lab.environment.local.process.ProcessGroup;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real Redis servers and sentinels. */
class RedisTierIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(90);

  @Test
  void replicaReplacesAKilledPrimary(@TempDir Path logs)
      throws Exception {
    try (ProcessGroup processes = new ProcessGroup()) {
      RedisTier tier = RedisTier.withSentinels(
          ProcessEndpoint.LOOPBACK, new Ports(new SplittableRandom()), processes,
          (name, port, command, directory) -> new Node(
              name, port, command, directory, logs.resolve(name + ".log"), processes.processes()));
      for (Node node : tier.all()) {
        node.start();
      }
      await().atMost(TIMEOUT).until(tier::isComplete);
      Node former = tier.primary().orElseThrow();
      assertThat(former).isEqualTo(tier.first());
      assertThat(Redis.ask(former, "SET early 1")).startsWith("+OK");
      assertThat(Redis.ask(former, "WAIT 2 60000")).startsWith(":");

      tier.pauseReplicas(former);
      assertThat(Redis.ask(former, "SET late 1")).startsWith("+OK");
      former.kill();
      tier.resumeReplicas();

      await().atMost(TIMEOUT).until(() -> tier.successor(former).isPresent());
      Node next = tier.primary().orElseThrow();
      assertThat(next).isNotEqualTo(former);
      assertThat(Redis.ask(next, "GET early")).startsWith("$1");
      assertThat(Redis.ask(next, "GET late")).startsWith("$-1");

      former.start();
      await().atMost(TIMEOUT).until(() -> tier.follow(former));
      assertThat(tier.primary()).contains(next);
      await().atMost(TIMEOUT).until(tier::isComplete);
      assertThat(tier.primary()).contains(next);
    }
  }

  @Test
  void singleServerIsItsOwnPrimary(@TempDir Path logs) throws Exception {
    try (ProcessGroup processes = new ProcessGroup()) {
      RedisTier tier = RedisTier.single(
          ProcessEndpoint.LOOPBACK, new Ports(new SplittableRandom()), processes,
          (name, port, command, directory) -> new Node(
              name, port, command, directory, logs.resolve(name + ".log"), processes.processes()));
      tier.first().start();
      await().atMost(TIMEOUT).until(tier::isComplete);
      assertThat(tier.primary()).contains(tier.first());
      assertThat(tier.all()).containsExactly(tier.first());
    }
  }
}
