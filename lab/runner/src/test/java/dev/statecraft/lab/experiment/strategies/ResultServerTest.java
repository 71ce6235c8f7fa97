package dev.statecraft.lab.experiment.strategies;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultServerTest {

  @Test
  void servesFileUntilArrivalIsConfirmed(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("results"), "what was found");
    try (ResultServer server = new ResultServer(file, 0)) {
      assertThat(send(server, "GET").body()).isEqualTo("what was found");
      assertThat(send(server, "GET").body()).isEqualTo("what was found");
      assertThat(server.await(Duration.ZERO)).isFalse();

      assertThat(send(server, "DELETE").statusCode()).isEqualTo(200);
      assertThat(server.await(Duration.ofSeconds(10))).isTrue();
    }
  }

  @Test
  void rejectsOtherMethods(@TempDir Path directory) throws Exception {
    try (ResultServer server = new ResultServer(Files.createFile(directory.resolve("results")), 0)) {
      assertThat(send(server, "PUT").statusCode()).isEqualTo(405);
      assertThat(server.await(Duration.ZERO)).isFalse();
    }
  }

  private static HttpResponse<String> send(ResultServer server, String method) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/"))
              .method(method, HttpRequest.BodyPublishers.noBody()).build(),
          BodyHandlers.ofString());
    }
  }
}
