package dev.statecraft.lab.environment.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.SessionStoreState;
import dev.statecraft.lab.environment.local.process.Node;
import dev.statecraft.lab.strategy.SessionStrategies;
import dev.statecraft.lab.strategy.SessionStrategy;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes in network namespaces; one client sends requests to both sides of a partition. */
class PartitionedClusterIT {
  /** Long enough for a busy machine; the deadline of the nodes is 2 s. */
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final BuiltModules modules = new BuiltModules();
  private final HttpClient http = HttpClient.newHttpClient();
  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path logs;

  @BeforeEach
  void assumePartitionsSupported() {
    modules.assumeBuilt();
    assumeTrue(LocalTrait.PARTITIONABLE.unsupportedReason().isEmpty(),
        () -> LocalTrait.PARTITIONABLE.unsupportedReason().orElseThrow());
  }

  @AfterEach
  void close() {
    http.close();
  }

  @Test
  void minorityRefusesWhatTheMajorityAcknowledges() throws Exception {
    try (LocalCluster cluster = start(SessionStrategies.of("replicated"), 3, "linearizable")) {
      Map<String, Node> nodes = cluster.nodes(SessionStrategies.of("replicated")).stream()
          .collect(Collectors.toMap(Node::name, Function.identity()));
      Node leader = Objects.requireNonNull(nodes.get(leader(nodes.values().iterator().next())));
      List<Node> majority = nodes.values().stream().filter(node -> !node.equals(leader)).toList();
      String opened = logIn(leader);
      String cookie = addAnywhere(List.of(leader), opened, "before");

      LocalFaultTarget target = new LocalFaultTarget(cluster, SessionStrategies.of("replicated"));
      List<String> others = majority.stream().map(Node::name).toList();
      target.cut(List.of(leader.name()), others);
      target.cut(others, List.of(leader.name()));
      // The order of the two answers does not matter: each side must be correct from the start.
      assertRefused(() -> post(leader, cookie, "minority"));
      assertRefused(() -> read(leader, cookie));
      String acknowledged = addAnywhere(majority, cookie, "majority");
      assertRefused(() -> read(leader, cookie));
      await().atMost(TIMEOUT).ignoreExceptions().untilAsserted(
          () -> assertThat(read(majority.getFirst(), acknowledged).body()).contains("before", "majority"));

      target.reconnect();
      cluster.awaitReady(leader);
      await().atMost(TIMEOUT).ignoreExceptions()
          .until(() -> read(leader, acknowledged).body().contains("majority"));
      String order = read(leader, acknowledged).body();
      for (Node node : majority) {
        await().atMost(TIMEOUT).ignoreExceptions().untilAsserted(
            () -> assertThat(read(node, acknowledged).body()).isEqualTo(order));
      }
    }
  }

  @Test
  void nodeWithoutRedisRefusesAndLosesNothing() throws Exception {
    try (LocalCluster cluster = start(SessionStrategies.of("redis"), 2, null)) {
      Node first = cluster.nodes(SessionStrategies.of("redis")).getFirst();
      Node second = cluster.nodes(SessionStrategies.of("redis")).getLast();
      String cookie = logIn(first);
      addAnywhere(List.of(first), cookie, "before");

      LocalFaultTarget target = new LocalFaultTarget(cluster, SessionStrategies.of("redis"));
      target.cut(target.stores(), List.of(first.name()));
      assertRefused(() -> post(first, cookie, "cut off"));
      assertRefused(() -> read(first, cookie));
      addAnywhere(List.of(second), cookie, "other");

      target.reconnect();
      cluster.awaitReady(first);
      await().atMost(TIMEOUT).ignoreExceptions()
          .untilAsserted(() -> assertThat(read(first, cookie).body()).contains("before", "other"));
    }
  }

  private LocalCluster start(SessionStrategy strategy, int nodes, @Nullable String reads)
      throws ClusterFailure, InterruptedException {
    ClusterPlan plan = new ClusterPlan(
        List.of(strategy), nodes, reads, null, null, Set.of(LocalTrait.PARTITIONABLE), false, logs);
    return modules.start(plan);
  }

  private static String leader(Node asked) {
    return await().atMost(TIMEOUT).until(
        () -> SessionStoreState.fetch(asked.uri()).map(SessionStoreState::leader).orElse(null),
        leader -> leader != null);
  }

  private String logIn(Node node) throws Exception {
    HttpResponse<String> answer = await().atMost(TIMEOUT).until(
        () -> http.send(
            request(node, "/session").header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"user\": \"ada\"}")).build(),
            HttpResponse.BodyHandlers.ofString()),
        response -> response.statusCode() == 201);
    return cookie(answer).orElseThrow();
  }

  /** The cookie after an item was added; empty if the node refused it. */
  private Optional<String> add(Node node, String cookie, String item) throws Exception {
    HttpResponse<String> answer = post(node, cookie, item);
    return answer.statusCode() == 201 ? cookie(answer).or(() -> Optional.of(cookie)) : Optional.empty();
  }

  private String addAnywhere(List<Node> nodes, String cookie, String item) {
    return await().atMost(TIMEOUT).ignoreExceptions().until(() -> {
      for (Node node : nodes) {
        Optional<String> added = add(node, cookie, item);
        if (added.isPresent()) {
          return added.get();
        }
      }
      return null;
    }, added -> added != null);
  }

  /** Waits for an answer, which may time out on a busy machine, and asserts that it is a refusal. */
  private static void assertRefused(Callable<HttpResponse<String>> call) {
    HttpResponse<String> answer = await().atMost(TIMEOUT).ignoreExceptions().until(call, Objects::nonNull);
    assertThat(answer.statusCode()).isIn(503, 504);
  }

  private HttpResponse<String> post(Node node, String cookie, String item) throws IOException, InterruptedException {
    return http.send(
        request(node, "/cart/items").header("Cookie", cookie).header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"item\": \"" + item + "\"}")).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> read(Node node, String cookie) throws IOException, InterruptedException {
    return http.send(
        request(node, "/cart").header("Cookie", cookie).GET().build(), HttpResponse.BodyHandlers.ofString());
  }

  private static HttpRequest.Builder request(Node node, String path) {
    return HttpRequest.newBuilder(URI.create(node.uri() + path)).timeout(Duration.ofSeconds(20));
  }

  private static Optional<String> cookie(HttpResponse<String> answer) {
    return answer.headers().firstValue("Set-Cookie").map(header -> header.replaceAll(";.*", ""));
  }
}
