package dev.statecraft.lab.environment.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GreyNodeTest {
  private final HttpClient http = HttpClient.newHttpClient();

  @ParameterizedTest
  @EnumSource(GreyFault.class)
  void isReadyWhateverFails(GreyFault fault) throws IOException {
    try (GreyNode node = new GreyNode(1)) {
      node.inject(fault);
      assertThat(send(node, "/actuator/health/readiness").join().statusCode()).isEqualTo(200);
    }
  }

  @Test
  void failsOneRequestInFive() throws IOException {
    try (GreyNode node = new GreyNode(1)) {
      assertThat(send(node, "/work").join().headers().firstValue("X-Served-By")).hasValue("grey");
      node.inject(GreyFault.ERRORS);
      List<Integer> statuses = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        statuses.add(send(node, "/work").join().statusCode());
      }
      assertThat(statuses).containsExactly(200, 200, 200, 200, 500, 200, 200, 200, 200, 500);
    }
  }

  @Test
  void silentNodeAnswersNothingUntilItIsClosed() throws IOException {
    CompletableFuture<HttpResponse<Void>> answer;
    try (GreyNode node = new GreyNode(1)) {
      node.inject(GreyFault.SILENT);
      answer = send(node, "/work");
      send(node, "/actuator/health/readiness").join();
      assertThat(answer).isNotDone();
    }
    assertThat(answer.handle((head, failure) -> failure).join()).isNotNull();
  }

  private CompletableFuture<HttpResponse<Void>> send(GreyNode node, String path) {
    URI uri = node.uri().resolve(path);
    return http.sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding());
  }
}
