package dev.statecraft.gateway.adversary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.statecraft.gateway.Backend;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A gateway whose JVM sizes itself for 256 MiB survives as many hostile connections as it accepts, and needs no more
 * memory. The nodes share the attackers' processors, so they may be ejected; {@link AdversaryIT} shows that no attack
 * ejects nodes that have processors.
 */
class SmallGatewayIT {
  /** In sum more than the gateway accepts. */
  private static final int CONNECTIONS_PER_ATTACK = 350;
  private static final int MAX_RESIDENT_MEBIBYTES = 256;
  private static final Duration ATTACK_TIME = Duration.ofSeconds(3);
  private static final List<Backend> NODES = List.of(TargetService.start("one"), TargetService.start("two"));

  @AfterEach
  void stop() {
    NODES.forEach(Backend::close);
  }

  @Test
  void survivesAsManyHostileConnectionsAsItAccepts() throws Exception {
    try (GatewayProcess gateway = GatewayProcess.start(NODES)) {
      try (Attackers floods = attack(gateway, Attack.CHUNK_FLOODS);
          Attackers readers = attack(gateway, Attack.STOPPED_READERS);
          Attackers uploads = attack(gateway, Attack.STALLED_UPLOADS)) {
        await().atMost(Duration.ofMinutes(2)).until(() -> !gateway.isAlive() || floods.connections()
            + readers.connections() + uploads.connections() >= 3 * CONNECTIONS_PER_ATTACK);
        await().pollDelay(ATTACK_TIME).atMost(Duration.ofMinutes(2)).ignoreExceptions().until(() -> !gateway.isAlive()
            || gateway.metric("statecraft_gateway_client_closed_total", "reason=\"connections\"") > 0);
        assertThat(gateway.isAlive()).as("alive during the attack: %s", gateway.output()).isTrue();
      }
      await().atMost(Duration.ofMinutes(1)).ignoreExceptions()
          .until(() -> !gateway.isAlive() || gateway.get("/shop/x").statusCode() == 200);
      assertThat(gateway.isAlive()).as("alive after the attack: %s", gateway.output()).isTrue();
      assertThat(gateway.output()).doesNotContain("OutOfMemory", "OutOfDirectMemory");
      // The kernel takes back pages of files, such as the JVM's library, before it ends a process.
      assertThat(gateway.mebibytes("VmHWM") - gateway.mebibytes("RssFile"))
          .as("peak of resident memory without files, in MiB").isLessThanOrEqualTo(MAX_RESIDENT_MEBIBYTES);
    }
  }

  private static Attackers attack(GatewayProcess gateway, Attack attack) {
    return new Attackers(attack, gateway.port(), CONNECTIONS_PER_ATTACK);
  }
}
