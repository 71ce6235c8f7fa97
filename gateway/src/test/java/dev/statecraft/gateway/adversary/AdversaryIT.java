package dev.statecraft.gateway.adversary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.statecraft.gateway.Backend;
import dev.statecraft.gateway.LoadGenerator;
import dev.statecraft.gateway.TestGateway;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Attacks beside a well-behaved load, in short: no request of the load fails, and no node is ejected. The long form is
 * {@link AdversaryBenchmark}.
 */
class AdversaryIT {
  private static final int ATTACKERS = 40;
  private static final int LOAD_CLIENTS = 4;
  private static final int ANSWERS_DURING_ATTACK = 100;
  /** A busy machine may need long. */
  private static final Duration BUSY = Duration.ofMinutes(3);
  private static final Duration ATTACK_TIME = Duration.ofSeconds(1);
  private static final List<Backend> NODES = List.of(TargetService.start("one"), TargetService.start("two"));
  private static TestGateway gateway;

  @BeforeAll
  static void start() {
    // Long enough for a busy machine that runs the attackers and the services too.
    gateway = TestGateway.over(NODES, "statecraft.gateway.routes.shop.deadline=18s",
        "statecraft.gateway.routes.shop.attempt-timeout=15s", "statecraft.gateway.routes.shop.slow-start=0s",
        "statecraft.gateway.routes.shop.affinity=login-cookie", "statecraft.gateway.active-key=k1",
        "statecraft.gateway.keys.k1=" + Base64.getEncoder().encodeToString(new byte[32]));
    gateway.sampleLeaks();
  }

  @AfterAll
  static void stop() {
    await().until(() -> gateway.metric("statecraft_gateway_requests_underway") == 0
        && gateway.metric("statecraft_gateway_node_inflight") == 0);
    gateway.close();
    NODES.forEach(Backend::close);
  }

  @ParameterizedTest
  @EnumSource
  void loadIsServedDuringAttack(Attack attack) throws InterruptedException {
    double ejections = gateway.metric("statecraft_gateway_ejections_total");
    try (LoadGenerator load = new LoadGenerator(gateway.port(), "/shop/x", LOAD_CLIENTS)) {
      try (Attackers attackers = new Attackers(attack, gateway.port(), ATTACKERS)) {
        await().atMost(BUSY).until(() -> attackers.connections() >= ATTACKERS || load.hasFailed());
        int before = load.answers();
        await().atMost(BUSY).pollDelay(ATTACK_TIME)
            .until(() -> load.answers() >= before + ANSWERS_DURING_ATTACK || load.hasFailed());
      }
      assertThat(load.stop()).as(attack.description()).isEmpty();
    }
    assertThat(gateway.metric("statecraft_gateway_ejections_total")).isEqualTo(ejections);
    assertThat(gateway.metric("statecraft_gateway_node_circuit_open")).isZero();
    assertThat(gateway.metric("statecraft_gateway_node_available")).isEqualTo(NODES.size());
  }
}
