package dev.statecraft.gateway.adversary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.gateway.Backend;
import dev.statecraft.gateway.LoadGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Attacks on a gateway process with the memory of a 256 MiB container, each beside a well-behaved load for 30 s. Prints
 * for each attack the answered and the failed requests of the load, the hostile connections, and what the gateway's
 * process takes. Not part of the build; run it with {@code gateway/benchmark/adversaries}.
 */
class AdversaryBenchmark {
  private static final int SECONDS = Integer.getInteger("adversary.seconds", 30);
  private static final int ATTACKERS = Integer.getInteger("adversary.connections", 80);
  private static final int LOAD_CLIENTS = 8;

  private final List<Backend> nodes = List.of(TargetService.start("one"), TargetService.start("two"));

  @AfterEach
  void stop() {
    nodes.forEach(Backend::close);
  }

  @Test
  void attackGatewayOf256Mebibytes() throws Exception {
    try (GatewayProcess gateway = GatewayProcess.start(nodes)) {
      attack(gateway);
    }
  }

  private static void attack(GatewayProcess gateway) throws IOException, InterruptedException {
    int failedAttacks = 0;
    System.out.printf("%-26s %11s %9s %7s %9s %8s%n", "attack", "connections", "answered", "failed", "ejections",
        "RSS");
    for (Attack attack : Attack.values()) {
      int answered;
      int opened;
      List<String> failures;
      try (LoadGenerator load = new LoadGenerator(gateway.port(), "/shop/x", LOAD_CLIENTS)) {
        try (Attackers attackers = new Attackers(attack, gateway.port(), ATTACKERS)) {
          for (int i = 0; i < SECONDS && !load.hasFailed(); i++) {
            Pause.millis(1_000);
          }
          opened = attackers.connections();
        }
        failures = load.stop();
        answered = load.answers();
      }
      double ejections = gateway.metric("statecraft_gateway_ejections_total");
      System.out.printf("%-26s %11d %9d %7d %9.0f %4d MiB%n", attack.name().toLowerCase(Locale.ROOT).replace('_', '-'),
          opened,
          answered, failures.size(), ejections, gateway.mebibytes("VmRSS"));
      failures.stream().distinct().limit(3).forEach(failure -> System.out.println("  " + failure));
      failedAttacks += failures.isEmpty() && ejections == 0 && gateway.isAlive() ? 0 : 1;
    }
    System.out.printf("%d of %d attacks without a failed request and without an ejection%n",
        Attack.values().length - failedAttacks, Attack.values().length);
    assertThat(failedAttacks).isZero();
  }
}
