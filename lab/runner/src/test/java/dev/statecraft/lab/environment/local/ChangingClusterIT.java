package dev.statecraft.lab.environment.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.local.process.Node;
import dev.statecraft.lab.strategy.SessionStrategies;
import dev.statecraft.lab.strategy.SessionStrategy;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that join and leave, and a wrong clock, with real processes. */
class ChangingClusterIT {
  /** Long enough for a busy machine. */
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final BuiltModules modules = new BuiltModules();
  private final HttpClient http = HttpClient.newHttpClient();
  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path logs;

  @BeforeEach
  void assumeBuilt() {
    modules.assumeBuilt();
  }

  @AfterEach
  void close() {
    http.close();
  }

  @Test
  void leavingNodeHandsItsSessionsOver() throws Exception {
    try (LocalCluster cluster = start(SessionStrategies.of("affinity"), 2, LocalTrait.SCALABLE)) {
      LocalFaultTarget target = new LocalFaultTarget(cluster, SessionStrategies.of("affinity"));
      Node spare = cluster.assembly().spare(SessionStrategies.of("affinity")).orElseThrow();
      assertThat(spare.name()).isEqualTo("affinity-3");
      assertThat(spare.isAlive()).isFalse();
      assertThat(cluster.nodes(SessionStrategies.of("affinity"))).hasSize(2).doesNotContain(spare);

      target.add(spare.name());
      cluster.awaitReady(spare);
      URI prefix = cluster.prefix(SessionStrategies.of("affinity"));
      String cookie = cookies(
          await().atMost(TIMEOUT).until(() -> logIn(prefix), opened -> servedBy(opened).equals("affinity-3")));

      assertThat(target.remove(spare.name())).isTrue();
      assertThat(spare.isAlive()).isFalse();
      HttpResponse<String> moved = await().atMost(TIMEOUT)
          .until(() -> read(prefix, cookie), answer -> answer.statusCode() != 503);
      assertThat(moved.statusCode()).isEqualTo(200);
      assertThat(servedBy(moved)).isIn("affinity-1", "affinity-2");
    }
  }

  @Test
  void sessionsStayWhenMembersChange() throws Exception {
    try (LocalCluster cluster = start(SessionStrategies.of("replicated"), 3, LocalTrait.SCALABLE)) {
      LocalFaultTarget target = new LocalFaultTarget(cluster, SessionStrategies.of("replicated"));
      Node spare = cluster.assembly().spare(SessionStrategies.of("replicated")).orElseThrow();
      target.add(spare.name());
      cluster.awaitReady(spare);
      String cookie = cookies(logIn(spare.uri()));
      assertThat(target.remove(spare.name())).isTrue();
      Node last = cluster.nodes(SessionStrategies.of("replicated")).getLast();
      assertThat(read(last.uri(), cookie).statusCode()).isEqualTo(200);

      assertThat(target.remove(last.name())).isTrue();
      target.add(last.name());
      cluster.awaitReady(last);
      assertThat(read(last.uri(), cookie).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void clockErrorPastTheTimeoutExpiresSessions() throws Exception {
    assumeTrue(LocalTrait.OWN_CLOCKS.unsupportedReason().isEmpty(),
        () -> LocalTrait.OWN_CLOCKS.unsupportedReason().orElseThrow());
    List<String> pidSuffixes = new ArrayList<>();
    try (LocalCluster cluster = start(SessionStrategies.of("cookie"), 2, LocalTrait.OWN_CLOCKS)) {
      cluster.nodes(SessionStrategies.of("cookie"))
          .forEach(node -> pidSuffixes.add("_" + node.process().orElseThrow().pid()));
      LocalFaultTarget target = new LocalFaultTarget(cluster, SessionStrategies.of("cookie"));
      Node wrong = cluster.nodes(SessionStrategies.of("cookie")).getFirst();
      Node right = cluster.nodes(SessionStrategies.of("cookie")).getLast();
      String cookie = cookies(logIn(right.uri()));

      target.setClock(wrong.name(), Duration.ofMinutes(5));
      assertThat(read(wrong.uri(), cookie).statusCode()).isEqualTo(200);
      target.setClock(wrong.name(), Duration.ofMinutes(-5));
      assertThat(read(wrong.uri(), cookie).statusCode()).isEqualTo(200);
      target.setClock(wrong.name(), Duration.ofHours(1));
      assertThat(read(wrong.uri(), cookie).statusCode()).isEqualTo(401);
      assertThat(read(right.uri(), cookie).statusCode()).isEqualTo(200);
      target.setClock(wrong.name(), Duration.ZERO);
      assertThat(read(wrong.uri(), cookie).statusCode()).isEqualTo(200);
    }
    try (Stream<Path> shared = Files.list(Path.of("/dev/shm"))) {
      assertThat(shared.map(Path::toString)).noneMatch(name -> pidSuffixes.stream().anyMatch(name::endsWith));
    }
  }

  private LocalCluster start(SessionStrategy strategy, int nodes, LocalTrait trait)
      throws ClusterFailure, InterruptedException {
    ClusterPlan plan = new ClusterPlan(List.of(strategy), nodes, null, null, null, Set.of(trait), false, logs);
    return modules.start(plan);
  }

  private HttpResponse<String> logIn(URI base) throws IOException, InterruptedException {
    return http.send(
        request(base, "/session").header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"user\": \"ada\"}")).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> read(URI base, String cookie) throws IOException, InterruptedException {
    return http.send(
        request(base, "/cart").header("Cookie", cookie).GET().build(), HttpResponse.BodyHandlers.ofString());
  }

  private static HttpRequest.Builder request(URI base, String path) {
    return HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofSeconds(20));
  }

  private static String servedBy(HttpResponse<String> answer) {
    return answer.headers().firstValue("X-Served-By").orElse("");
  }

  private static String cookies(HttpResponse<String> answer) {
    return String.join(
        "; ", answer.headers().allValues("Set-Cookie").stream().map(cookie -> cookie.replaceAll(";.*", "")).toList());
  }
}
