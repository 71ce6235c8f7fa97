package dev.statecraft.lab.environment.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.environment.local.process.Node;
import dev.statecraft.lab.strategy.SessionStrategies;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts real processes from the jars of the stateful service and of one peer. */
class PeerClusterIT {
  private final BuiltModules modules = new BuiltModules();
  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path logs;

  @Test
  void nodesShareSessionsInPostgres() throws Exception {
    modules.assumeBuilt();
    modules.assumeBuilt(SessionStrategies.of("jdbc"));
    ClusterPlan plan = new ClusterPlan(List.of(SessionStrategies.of("jdbc")), 2, null, false, logs);
    Node database;
    try (LocalCluster cluster = modules.start(plan); HttpClient http = HttpClient.newHttpClient()) {
      database = cluster.assembly().stores().iterator().next().node();
      List<Node> nodes = cluster.nodes(SessionStrategies.of("jdbc"));
      HttpResponse<String> login = http.send(
          request(nodes.getFirst().uri().resolve("/session")).header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString("{\"user\": \"ada\"}")).build(),
          HttpResponse.BodyHandlers.ofString());
      assertThat(login.statusCode()).as(login.body()).isEqualTo(201);
      String cookie = login.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
      nodes.getFirst().kill();

      HttpResponse<String> elsewhere = http.send(
          request(nodes.getLast().uri().resolve("/session")).header("Cookie", cookie).build(),
          HttpResponse.BodyHandlers.ofString());
      assertThat(elsewhere.body()).contains("\"ada\"").contains("\"jdbc\"");
    }
    assertThat(database.isAlive()).isFalse();
  }

  private static HttpRequest.Builder request(URI uri) {
    return HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20));
  }
}
