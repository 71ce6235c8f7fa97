package dev.statecraft.gateway.adversary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.statecraft.gateway.Backend;
import dev.statecraft.gateway.LoadGenerator;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
  private static final int KIB_PER_MIB = 1024;
  private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final List<Backend> nodes = List.of(TargetService.start("one"), TargetService.start("two"));
  private @Nullable Process gateway;
  private int port;

  @AfterEach
  void stop() {
    if (gateway != null) {
      gateway.destroyForcibly();
    }
    nodes.forEach(Backend::close);
  }

  @Test
  void attackGatewayOf256Mebibytes() throws Exception {
    Process process = start();
    int failedAttacks = 0;
    System.out.printf("%-26s %11s %9s %7s %9s %8s%n", "attack", "connections", "answered", "failed", "ejections",
        "RSS");
    for (Attack attack : Attack.values()) {
      int answered;
      int opened;
      List<String> failures;
      try (LoadGenerator load = new LoadGenerator(port, "/shop/x", LOAD_CLIENTS)) {
        try (Attackers attackers = new Attackers(attack, port, ATTACKERS)) {
          for (int i = 0; i < SECONDS && !load.hasFailed(); i++) {
            Pause.millis(1_000);
          }
          opened = attackers.connections();
        }
        failures = load.stop();
        answered = load.answers();
      }
      double ejections = metric("statecraft_gateway_ejections_total");
      System.out.printf("%-26s %11d %9d %7d %9.0f %4d MiB%n", attack.name().toLowerCase(Locale.ROOT).replace('_', '-'),
          opened,
          answered, failures.size(), ejections, residentMebibytes(process));
      failures.stream().distinct().limit(3).forEach(failure -> System.out.println("  " + failure));
      failedAttacks += failures.isEmpty() && ejections == 0 && process.isAlive() ? 0 : 1;
    }
    System.out.printf("%d of %d attacks without a failed request and without an ejection%n",
        Attack.values().length - failedAttacks, Attack.values().length);
    assertThat(failedAttacks).isZero();
  }

  private Process start() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx100m", "-XX:MaxDirectMemorySize=48m", "-XX:+UseSerialGC", "-XX:SurvivorRatio=3",
        "-XX:+UseCompactObjectHeaders", "-XX:MaxInlineLevel=30", "-XX:+ExitOnOutOfMemoryError",
        "--enable-native-access=ALL-UNNAMED", "-jar", Path.of("target", "gateway.jar").toString(),
        "--server.port=" + port, "--logging.level.root=warn", "--statecraft.gateway.routes.shop.prefix=/shop"));
    nodes.forEach(node -> command.add("--statecraft.gateway.routes.shop.nodes." + node.name() + '=' + node.url()));
    Process started = new ProcessBuilder(command).inheritIO().start();
    gateway = started;
    await().atMost(Duration.ofMinutes(2)).ignoreExceptions()
        .until(() -> metric("statecraft_gateway_node_available") == nodes.size());
    return started;
  }

  private double metric(String name) throws IOException, InterruptedException {
    HttpRequest metrics = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/actuator/prometheus"))
        .build();
    return CLIENT.send(metrics, BodyHandlers.ofString()).body().lines().filter(line -> line.startsWith(name + '{'))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).sum();
  }

  private long residentMebibytes(Process process) throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / KIB_PER_MIB).sum();
  }
}
