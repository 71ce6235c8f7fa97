package dev.statecraft.lab.environment.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.SessionStoreState;
import dev.statecraft.lab.environment.local.launch.App;
import dev.statecraft.lab.environment.local.launch.LaunchProvider;
import dev.statecraft.lab.environment.local.process.Launch;
import dev.statecraft.lab.environment.local.process.Node;
import dev.statecraft.lab.strategy.SessionStrategies;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts real processes from the jars of the other modules. */
class LocalClusterIT {
  private final BuiltModules modules = new BuiltModules();
  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path logs;

  @BeforeEach
  void assumeBuilt() {
    modules.assumeBuilt();
  }

  @Test
  void killedNodeServesAgainAfterRestart() throws Exception {
    ClusterPlan plan = new ClusterPlan(List.of(SessionStrategies.of("affinity")), 2, null, false, logs);
    List<Node> nodes;
    Node gateway;
    try (LocalCluster cluster = modules.start(plan);
        HttpClient http = HttpClient.newHttpClient()) {
      nodes = cluster.nodes(SessionStrategies.of("affinity"));
      gateway = cluster.gateway();
      Node first = nodes.getFirst();
      assertThat(first.name()).isEqualTo("affinity-1");
      assertThat(logIn(http, cluster.prefix(SessionStrategies.of("affinity"))).statusCode()).isEqualTo(201);
      assertThat(nodes.stream().mapToLong(node -> SessionStoreState.fetch(node.uri()).orElseThrow().sessions()).sum())
          .isEqualTo(1);

      first.kill();
      assertThat(first.isAlive()).isFalse();
      assertThat(SessionStoreState.fetch(first.uri())).isEmpty();
      assertThat(logIn(http, cluster.prefix(SessionStrategies.of("affinity"))).statusCode()).isIn(201, 502, 503);

      first.start();
      cluster.awaitReady(first);
      HttpResponse<String> answer = logIn(http, first.uri());
      assertThat(answer.statusCode()).isEqualTo(201);
      assertThat(answer.headers().firstValue("X-Served-By")).hasValue("affinity-1");
    }
    assertThat(nodes).noneMatch(Node::isAlive);
    assertThat(gateway.isAlive()).isFalse();
    try (Stream<Path> files = Files.list(logs)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("affinity-1.log", "affinity-2.log", "gateway.log");
    }
  }

  @Test
  void failedStartShowsLogAndLeavesNoProcess() {
    ClusterPlan plan = new ClusterPlan(List.of(SessionStrategies.of("cookie")), 1, null, false, logs);
    // Other test classes start processes at the same time.
    String mark = "-Dtest=" + UUID.randomUUID();
    LaunchProvider broken = (app, _, _) -> new Launch(
        app == App.GATEWAY ? List.of(mark) : List.of(mark, "-XX:NoSuchOption"), modules.jar(app));

    assertThatThrownBy(() -> modules.start(plan, broken)).isInstanceOf(ClusterFailure.class)
        .hasMessageContaining("cookie-1 exited before it was ready").hasMessageContaining("NoSuchOption");

    await().atMost(Duration.ofSeconds(20)).until(() -> ProcessHandle.allProcesses()
        .noneMatch(process -> process.info().commandLine().orElse("").contains(mark)));
  }

  private static HttpResponse<String> logIn(HttpClient http, URI base) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create(base + "/session")).header("Content-Type", "application/json")
            .timeout(Duration.ofSeconds(20)).POST(HttpRequest.BodyPublishers.ofString("{\"user\": \"ada\"}")).build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
