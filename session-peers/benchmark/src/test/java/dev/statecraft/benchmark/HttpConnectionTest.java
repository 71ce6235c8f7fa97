package dev.statecraft.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.statecraft.benchmark.HttpConnection.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpConnectionTest {
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/fixed", exchange -> answer(exchange, 201, 0));
    server.createContext("/chunked", exchange -> answer(exchange, 200, 1));
    server.start();
  }

  private static void answer(HttpExchange exchange, int status, int chunked) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    exchange.getResponseHeaders().add("Set-Cookie", "S=" + body.length + "; Path=/; HttpOnly");
    exchange.sendResponseHeaders(status, chunked == 1 ? 0 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void readsAnswersOfOneConnection() throws IOException {
    String text = "\u00fc".repeat(5000);
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    try (HttpConnection connection = new HttpConnection(server.getAddress().getPort())) {
      for (int i = 0; i < 3; i++) {
        assertThat(connection.exchange(HttpConnection.request("POST /fixed HTTP/1.1", "", text)))
            .isEqualTo(new Answer(201, "S=" + bytes));
        assertThat(connection.exchange(HttpConnection.request("POST /chunked HTTP/1.1", "a=b", text)))
            .isEqualTo(new Answer(200, "S=" + bytes));
      }
    }
  }

  @Test
  void loadFailsOnErrorAnswers() {
    assertThatThrownBy(() -> new Load(2, 10).run(server.getAddress().getPort(), Workload.READS))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("'POST /session HTTP/1.1' was answered 404");
  }
}
