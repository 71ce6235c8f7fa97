package dev.statecraft.service.contract;

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

/** Above its capacity the service rejects requests at once; below it, it serves again. */
public interface SheddingContract extends ServiceUnderTest {
  /** In place of an answer. */
  String ADMITTED = "admitted";

  /** Largest number of requests that the service under test is configured to admit. */
  int capacity();

  @Test
  default void rejectsRequestsAboveCapacity() throws Exception {
    double shedBefore = metric("concurrency_shed_total");
    try (Crowd crowd = new Crowd(this)) {
      HttpResponse<String> rejected = answerAboveCapacity(
          crowd, request("/echo").POST(BodyPublishers.ofString("a body")), answer -> answer.statusCode() != 200);
      ServiceUnderTest.assertProblem(rejected, 503);
      assertThat(rejected.headers().firstValue("Retry-After")).hasValue("1");
      HttpResponse<String> liveness = answerAboveCapacity(crowd, request("/actuator/health/liveness").GET(), _ -> true);
      assertThat(liveness.statusCode()).as("liveness of an overloaded node").isEqualTo(200);
      assertThat(crowd.rejections()).allMatch(line -> line.contains(" 503 "));
    }
    await().atMost(TIMEOUT).until(() -> get("/whoami").statusCode() == 200);
    assertThat(metric("concurrency_shed_total")).isGreaterThan(shedBefore);
    assertThat(metric("concurrency_threads_live")).isPositive();
  }

  @Test
  default void rejectionKeepsTheConnection() throws Exception {
    try (Crowd crowd = new Crowd(this)) {
      await().atMost(TIMEOUT).until(() -> {
        crowd.fill(capacity());
        try (RawClient client = connect()) {
          for (String path : List.of("/whoami", "/work")) {
            if (!answerUnlessAdmitted(client, path).startsWith("HTTP/1.1 503 ")) {
              return false;
            }
          }
          // If capacity became free meanwhile, the request is admitted and waits behind the crowd.
          String liveness = answerUnlessAdmitted(client, "/actuator/health/liveness");
          if (liveness.equals(ADMITTED)) {
            return false;
          }
          assertThat(liveness).startsWith("HTTP/1.1 200 ");
          return true;
        }
      });
    }
  }

  private static String answerUnlessAdmitted(RawClient client, String path) throws Exception {
    return client.sendGet(path).readLater("}").completeOnTimeout(ADMITTED, 2, TimeUnit.SECONDS).get();
  }

  /**
   * Returns the answer while the crowd takes all capacity. Tries again if the request was admitted before the crowd.
   */
  private HttpResponse<String> answerAboveCapacity(
      Crowd crowd, HttpRequest.Builder request, Predicate<HttpResponse<String>> wanted) {
    AtomicReference<HttpResponse<String>> found = new AtomicReference<>();
    await().atMost(TIMEOUT).until(() -> {
      crowd.fill(capacity());
      try {
        HttpResponse<String> answer = send(request.timeout(Duration.ofSeconds(2)));
        found.set(answer);
        return wanted.test(answer);
      } catch (HttpTimeoutException admitted) {
        return false;
      }
    });
    return found.get();
  }

  /** Clients whose requests take all capacity. */
  final class Crowd implements AutoCloseable {
    private final ServiceUnderTest service;
    private final List<RawClient> clients = new ArrayList<>();
    private final List<CompletableFuture<String>> answers = new ArrayList<>();

    private Crowd(ServiceUnderTest service) {
      this.service = service;
    }

    /** Replaces rejected clients, because requests of an earlier test may have taken their capacity. */
    private void fill(int capacity) throws IOException {
      for (int waiting = answers.size() - rejections().size(); waiting < capacity; waiting++) {
        RawClient client = service.connect().sendGet("/work?wait=60000");
        clients.add(client);
        answers.add(client.firstLineLater());
      }
    }

    private List<String> rejections() {
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
