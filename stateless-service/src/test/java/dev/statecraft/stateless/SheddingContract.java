package dev.statecraft.stateless;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Past what the service has room for, it says so at once, and serves again as soon as there is room. */
public interface SheddingContract extends ServiceUnderTest {
  /** In place of an answer. */
  String LET_IN = "let in";

  /** How many requests the service under test is set to take in. */
  int room();

  @Test
  default void requestForWhichThereIsNoRoomIsToldSoAtOnce() throws Exception {
    double shedBefore = metric("concurrency_shed_total");
    try (Crowd crowd = new Crowd(this)) {
      HttpResponse<String> refused = answerBeyond(
          crowd, request("/echo").POST(BodyPublishers.ofString("a body")), answer -> answer.statusCode() != 200);
      ServiceUnderTest.assertProblem(refused, 503);
      assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
      HttpResponse<String> liveness = answerBeyond(crowd, request("/actuator/health/liveness").GET(), _ -> true);
      assertThat(liveness.statusCode()).as("an overloaded node is not dead").isEqualTo(200);
      assertThat(crowd.refusals()).allMatch(line -> line.contains(" 503 "));
    }
    await().atMost(Duration.ofSeconds(50)).until(() -> get("/whoami").statusCode() == 200);
    assertThat(metric("concurrency_shed_total")).isGreaterThan(shedBefore);
    assertThat(metric("concurrency_threads_live")).isPositive();
  }

  @Test
  default void clientThatIsRefusedMayAskAgainOnItsConnection() throws Exception {
    try (Crowd crowd = new Crowd(this)) {
      await().atMost(Duration.ofSeconds(50)).until(() -> {
        crowd.fill(room());
        try (RawClient client = connect()) {
          for (String path : List.of("/whoami", "/work")) {
            if (!answerUnlessLetIn(client, path).startsWith("HTTP/1.1 503 ")) {
              return false;
            }
          }
          // A place that became free since is one that it waits in, behind the crowd.
          String liveness = answerUnlessLetIn(client, "/actuator/health/liveness");
          if (liveness.equals(LET_IN)) {
            return false;
          }
          assertThat(liveness).startsWith("HTTP/1.1 200 ");
          return true;
        }
      });
    }
  }

  private static String answerUnlessLetIn(RawClient client, String path) throws Exception {
    return client.sendGet(path).readLater("}").completeOnTimeout(LET_IN, 2, TimeUnit.SECONDS).get();
  }

  /**
   * The answer while the crowd takes all room. One that is let in before the last of them waits as they do: then again.
   */
  private HttpResponse<String> answerBeyond(
      Crowd crowd, HttpRequest.Builder request, Predicate<HttpResponse<String>> wanted) {
    AtomicReference<HttpResponse<String>> found = new AtomicReference<>();
    await().atMost(Duration.ofSeconds(50)).until(() -> {
      crowd.fill(room());
      try {
        HttpResponse<String> answer = send(request.timeout(Duration.ofSeconds(2)));
        found.set(answer);
        return wanted.test(answer);
      } catch (HttpTimeoutException letIn) {
        return false;
      }
    });
    return found.get();
  }

  /** Clients that wait, as many as are let in. */
  final class Crowd implements AutoCloseable {
    private final ServiceUnderTest service;
    private final List<RawClient> clients = new ArrayList<>();
    private final List<CompletableFuture<String>> answers = new ArrayList<>();

    private Crowd(ServiceUnderTest service) {
      this.service = service;
    }

    /** Replaces those that were refused: what a test before has left behind may have been in their place. */
    private void fill(int room) throws IOException {
      for (int waiting = answers.size() - refusals().size(); waiting < room; waiting++) {
        RawClient client = service.connect().sendGet("/work?wait=60000");
        clients.add(client);
        answers.add(client.firstLineLater());
      }
    }

    private List<String> refusals() {
      return answers.stream().filter(CompletableFuture::isDone).map(CompletableFuture::join).toList();
    }

    @Override
    public void close() throws IOException {
      for (RawClient client : clients) {
        client.close();
      }
    }
  }
}
