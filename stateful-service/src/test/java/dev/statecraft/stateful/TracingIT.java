package dev.statecraft.stateful;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import redis.embedded.RedisServer;

/** The trace of a request whose session is in Redis. */
class TracingIT {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SPAN = "b7ad6b7169203331";

  static class Exporter {
    @Bean
    SpanExporter spanExporter() {
      return InMemorySpanExporter.create();
    }
  }

  @Test
  void commandsOfRedisAreChildrenOfRequest() throws Exception {
    int port = freePort();
    RedisServer redis = RedisServer.newRedisServer().port(port).setting("save \"\"").soutListener(line -> {})
        .serrListener(line -> {}).build();
    redis.start();
    try (ConfigurableApplicationContext node = start(port)) {
      int http = Objects.requireNonNull(((WebServerApplicationContext) node).getWebServer()).getPort();
      assertThat(post(http, "00-" + TRACE + '-' + SPAN + "-00")).isEqualTo(201);
      assertThat(post(http, "00-" + TRACE + '-' + SPAN + "-01")).isEqualTo(201);
      InMemorySpanExporter exporter = (InMemorySpanExporter) node.getBean(SpanExporter.class);
      SpanData request = await().until(() -> exporter.getFinishedSpanItems().stream()
          .filter(span -> span.getKind() == SpanKind.SERVER).toList(), spans -> !spans.isEmpty()).getFirst();
      assertThat(request.getTraceId()).isEqualTo(TRACE);
      assertThat(request.getParentSpanId()).isEqualTo(SPAN);
      List<SpanData> commands = await().until(() -> exporter.getFinishedSpanItems().stream()
          .filter(span -> span.getKind() == SpanKind.CLIENT).toList(), spans -> !spans.isEmpty());
      assertThat(commands).allSatisfy(command -> {
        assertThat(command.getTraceId()).isEqualTo(TRACE);
        assertThat(command.getParentSpanId()).isEqualTo(request.getSpanId());
      });
    } finally {
      redis.stop();
    }
  }

  private static ConfigurableApplicationContext start(int redisPort) {
    return new SpringApplicationBuilder(StatefulApplication.class, Exporter.class).run("--server.port=0",
        "--server.address=127.0.0.1", "--logging.level.root=warn", "--statecraft.session.strategy=redis",
        "--spring.data.redis.host=127.0.0.1", "--spring.data.redis.port=" + redisPort,
        "--spring.data.redis.timeout=10s", "--management.tracing.export.enabled=true",
        "--management.tracing.sampling.probability=1",
        "--management.opentelemetry.tracing.export.schedule-delay=50ms");
  }

  private static int post(int port, String parent) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest login = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/session"))
          .header("Content-Type", "application/json").header("traceparent", parent)
          .POST(BodyPublishers.ofString("{\"user\": \"ada\"}")).build();
      return client.send(login, BodyHandlers.ofString()).statusCode();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
