package dev.statecraft.gateway.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.statecraft.gateway.Backend;
import dev.statecraft.gateway.TestGateway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gateway follows changes of its nodes while it runs. */
class DiscoveryIT {
  private static final Backend ONE = Backend.start("one");
  private static final Backend TWO = Backend.start("two");
  private static final Backend OTHER_ADDRESS = Backend.start("other", "127.0.0.2", ONE.port());
  private static final TestDnsServer DNS = new TestDnsServer();
  @TempDir
  private static Path directory = Path.of("");
  private static Path file = Path.of("");
  private static TestGateway gateway;

  @BeforeAll
  static void start() throws IOException {
    file = Files.writeString(directory.resolve("nodes"), "node=" + ONE.url() + '\n');
    DNS.answering(1, "127.0.0.1");
    String listed = "statecraft.gateway.routes.file.";
    String named = "statecraft.gateway.routes.dns.";
    gateway = TestGateway.start(List.of(listed + "prefix=/file", listed + "nodes-file=" + file,
        listed + "probe.interval=50ms", named + "prefix=/dns", named + "discovery=dns",
        named + "dns.name=shop.example.",
        named + "dns.port=" + ONE.port(), named + "dns.servers=127.0.0.1:" + DNS.address().getPort(),
        named + "probe.interval=50ms"));
  }

  @AfterAll
  static void stop() {
    gateway.close();
    List.of(ONE, TWO, OTHER_ADDRESS).forEach(Backend::close);
    DNS.close();
  }

  @Test
  void followsNodesFile() throws IOException {
    awaitServed("/file/x", "one");
    Files.writeString(file, "node=" + ONE.url() + "\nmore=" + TWO.url() + '\n');
    awaitServed("/file/x", "two");
    Files.writeString(file, "node=" + TWO.url() + '\n');
    await().untilAsserted(() -> {
      for (int i = 0; i < 5; i++) {
        assertThat(gateway.get("/file/x").body()).isEqualTo("two");
      }
    });
    assertThat(gateway.metric("statecraft_gateway_node_available", "route=\"file\"")).isEqualTo(1);
    assertThat(gateway.get("/actuator/prometheus").body()).doesNotContain("node=\"more\"");
  }

  @Test
  void gatewayWithoutKnownNodeIsNotReady() {
    String named = "statecraft.gateway.routes.dns.";
    try (TestDnsServer unknown = new TestDnsServer();
        TestGateway lonely = TestGateway.start(List.of(named + "prefix=/dns", named + "discovery=dns",
            named + "dns.name=shop.example.", named + "dns.port=" + ONE.port(),
            named + "dns.servers=127.0.0.1:" + unknown.address().getPort()))) {
      assertThat(lonely.get("/actuator/health/readiness").statusCode()).isEqualTo(503);
      unknown.answering(1, "127.0.0.1");
      await().until(() -> lonely.get("/actuator/health/readiness").statusCode() == 200);
    }
  }

  @Test
  void followsDnsName() {
    awaitServed("/dns/x", "one");
    DNS.answering(1, "127.0.0.1", "127.0.0.2");
    awaitServed("/dns/x", "other");
    DNS.answering(1, "127.0.0.2");
    await().untilAsserted(() -> {
      for (int i = 0; i < 5; i++) {
        assertThat(gateway.get("/dns/x").body()).isEqualTo("other");
      }
    });
  }

  private static void awaitServed(String path, String node) {
    await().pollInterval(Duration.ofMillis(10))
        .until(() -> gateway.get(path).body().equals(node));
  }
}
