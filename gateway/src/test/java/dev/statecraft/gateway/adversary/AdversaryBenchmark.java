package dev.statecraft.gateway.adversary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.gateway.Backend;
import dev.statecraft.gateway.LoadGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
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
  private static final int WARM_UP_SECONDS = 10;

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
    System.out.printf("%-26s %11s %9s %7s %9s %8s%n", "attack", "connections", "answered", "failed", "ejections",
        "RSS");
    // Warms the gateway up, and shows what the machine does without an attack.
    if (!serves(gateway, "none", WARM_UP_SECONDS, null)) {
      throw new AssertionError("requests fail without an attack: the machine is too busy");
    }
    int failedAttacks = 0;
    for (Attack attack : Attack.values()) {
      try (Attackers attackers = new Attackers(attack, gateway.port(), ATTACKERS)) {
        String name = attack.name().toLowerCase(Locale.ROOT).replace('_', '-');
        failedAttacks += serves(gateway, name, SECONDS, attackers) ? 0 : 1;
      }
    }
    System.out.printf("%d of %d attacks without a failed request and without an ejection; peak of RSS %d MiB%n",
        Attack.values().length - failedAttacks, Attack.values().length, gateway.mebibytes("VmHWM"));
    assertThat(failedAttacks).isZero();
  }

  /** Tells whether the gateway answered every request of a load, and ejected no node. */
  private static boolean serves(GatewayProcess gateway, String name, int seconds, @Nullable Attackers attackers)
      throws IOException, InterruptedException {
    double ejectionsBefore = gateway.metric("statecraft_gateway_ejections_total");
    try (LoadGenerator load = new LoadGenerator(gateway.port(), "/shop/x", LOAD_CLIENTS)) {
      for (int i = 0; i < seconds && !load.hasFailed(); i++) {
        Pause.millis(1_000);
      }
      List<String> failures = load.stop();
      double ejections = gateway.metric("statecraft_gateway_ejections_total") - ejectionsBefore;
      System.out.printf("%-26s %11d %9d %7d %9.0f %4d MiB%n", name, attackers == null ? 0 : attackers.connections(),
          load.answers(), failures.size(), ejections, gateway.mebibytes("VmRSS"));
      failures.stream().distinct().limit(3).forEach(failure -> System.out.println("  " + failure));
      if (ejections > 0) {
        gateway.get("/actuator/prometheus").body().lines()
            .filter(line -> line.startsWith("statecraft_gateway_ejections_total{") && !line.endsWith(" 0.0"))
            .forEach(line -> System.out.println("  " + line));
      }
      return failures.isEmpty() && ejections == 0 && gateway.isAlive();
    }
  }
}
