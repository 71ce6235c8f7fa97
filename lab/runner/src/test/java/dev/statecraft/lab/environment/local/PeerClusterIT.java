package dev.statecraft.lab.environment.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.checker.guarantee.SessionStrategy;
import dev.statecraft.lab.environment.local.process.Node;
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
    modules.assumeBuilt(SessionStrategy.JDBC);
    ClusterPlan plan = new ClusterPlan(List.of(SessionStrategy.JDBC), 2, null, false, logs);
    Node database;
    try (LocalCluster cluster = modules.start(plan); HttpClient http = HttpClient.newHttpClient()) {
      database = cluster.assembly().postgres().orElseThrow();
      List<Node> nodes = cluster.nodes(SessionStrategy.JDBC);
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
