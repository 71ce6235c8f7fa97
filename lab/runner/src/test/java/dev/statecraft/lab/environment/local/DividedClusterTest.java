package dev.statecraft.lab.environment.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.statecraft.lab.checker.guarantee.SessionStrategy;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.SessionStoreState;
import dev.statecraft.lab.environment.local.process.Node;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With real processes in real namespaces: both sides of a partition are asked by the same client. */
class DividedClusterTest {
  /** A machine with no time to spare takes long; the nodes' own deadline is two seconds. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final BuiltModules modules = new BuiltModules();
  private final HttpClient http = HttpClient.newHttpClient();
  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path logs;

  @BeforeEach
  void theClusterCanBeMadeAndDivided() {
    modules.assumeBuilt();
    assumeTrue(LocalCluster.whyNotDivisible().isEmpty(), () -> LocalCluster.whyNotDivisible().orElseThrow());
  }

  @AfterEach
  void close() {
    http.close();
  }

  @Test
  void theMinoritySideRefusesWhatTheMajorityAcknowledgesAndThereIsOneOrderAfterwards() throws Exception {
    try (LocalCluster cluster = start(SessionStrategy.REPLICATED, 3, "linearizable")) {
      Map<String, Node> nodes = cluster.nodes(SessionStrategy.REPLICATED).stream()
          .collect(Collectors.toMap(Node::name, Function.identity()));
      Node leader = Objects.requireNonNull(nodes.get(leader(cluster, nodes.values().iterator().next())));
      List<Node> majority = nodes.values().stream().filter(node -> !node.equals(leader)).toList();
      String cookie = logIn(leader);
      cookie = add(leader, cookie, "before").orElseThrow();

      cluster.cut(List.of(leader), majority);
      cluster.cut(majority, List.of(leader));
      // No order of the two answers counts: each side alone has to be right, from the first moment.
      assertThat(send(leader, cookie, "minority")).isEqualTo(503);
      assertThat(read(leader, cookie).statusCode()).isEqualTo(503);
      String acknowledged = addAnywhere(majority, cookie, "majority");
      assertThat(read(leader, cookie).statusCode()).as("the minority may know less").isEqualTo(503);
      assertThat(read(majority.getFirst(), acknowledged).body()).contains("before", "majority");

      cluster.mend();
      cluster.awaitReady(leader);
      await().atMost(PATIENCE).ignoreExceptions()
          .until(() -> read(leader, acknowledged).body().contains("majority"));
      String order = read(leader, acknowledged).body();
      for (Node node : majority) {
        await().atMost(PATIENCE).ignoreExceptions().untilAsserted(
            () -> assertThat(read(node, acknowledged).body()).isEqualTo(order));
      }
    }
  }

  @Test
  void aNodeThatIsCutOffFromRedisSaysSoAndLosesNothing() throws Exception {
    try (LocalCluster cluster = start(SessionStrategy.REDIS, 2, null)) {
      Node first = cluster.nodes(SessionStrategy.REDIS).getFirst();
      Node second = cluster.nodes(SessionStrategy.REDIS).getLast();
      Node redis = cluster.redis().orElseThrow();
      String cookie = logIn(first);
      assertThat(add(first, cookie, "before")).isPresent();

      cluster.cut(List.of(redis), List.of(first));
      assertThat(send(first, cookie, "cut off")).isIn(503, 504);
      assertThat(read(first, cookie).statusCode()).isIn(503, 504);
      assertThat(add(second, cookie, "other")).isPresent();

      cluster.mend();
      cluster.awaitReady(first);
      await().atMost(PATIENCE).ignoreExceptions()
          .untilAsserted(() -> assertThat(read(first, cookie).body()).contains("before", "other"));
    }
  }

  private LocalCluster start(SessionStrategy strategy, int nodes, @Nullable String reads)
      throws ClusterFailure, InterruptedException {
    ClusterPlan plan = new ClusterPlan(
        List.of(strategy), nodes, reads, null, null, Set.of(ClusterPlan.Trait.DIVISIBLE), false, logs);
    return modules.start(plan);
  }

  private static String leader(LocalCluster cluster, Node asked) {
    return await().atMost(PATIENCE).until(
        () -> cluster.sessionStore(asked).map(SessionStoreState::leader).orElse(null), leader -> leader != null);
  }

  private String logIn(Node node) throws Exception {
    HttpResponse<String> answer = await().atMost(PATIENCE).until(
        () -> http.send(
            request(node, "/session").header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"user\": \"ada\"}")).build(),
            HttpResponse.BodyHandlers.ofString()),
        response -> response.statusCode() == 201);
    return cookie(answer).orElseThrow();
  }

  /** The cookie after an item was added, or empty where it was refused. */
  private Optional<String> add(Node node, String cookie, String item) throws Exception {
    HttpResponse<String> answer = post(node, cookie, item);
    return answer.statusCode() == 201 ? cookie(answer).or(() -> Optional.of(cookie)) : Optional.empty();
  }

  private String addAnywhere(List<Node> nodes, String cookie, String item) {
    return await().atMost(PATIENCE).ignoreExceptions().until(() -> {
      for (Node node : nodes) {
        Optional<String> added = add(node, cookie, item);
        if (added.isPresent()) {
          return added.get();
        }
      }
      return null;
    }, added -> added != null);
  }

  private int send(Node node, String cookie, String item) throws Exception {
    return post(node, cookie, item).statusCode();
  }

  private HttpResponse<String> post(Node node, String cookie, String item) throws IOException, InterruptedException {
    return http.send(
        request(node, "/cart/items").header("Cookie", cookie).header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"item\": \"" + item + "\"}")).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** Answers within its deadline, whatever it answers: {@link HttpTimeoutException} fails the test. */
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
