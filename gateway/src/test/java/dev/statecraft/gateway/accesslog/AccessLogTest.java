package dev.statecraft.gateway.accesslog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.statecraft.gateway.Backend;
import dev.statecraft.gateway.RawClient;
import dev.statecraft.gateway.TestGateway;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AccessLogTest {
  private final Logger logger = (Logger) LoggerFactory.getLogger("reactor.netty.http.server.AccessLog");
  private final Lines lines = new Lines();
  private final Backend node = Backend.start("one");

  @AfterEach
  void stop() {
    logger.detachAppender(lines);
    node.close();
  }

  @Test
  void isOffByDefault() {
    try (TestGateway gateway = start()) {
      assertThat(gateway.get("/shop/x").statusCode()).isEqualTo(200);
      assertThat(lines.all).isEmpty();
    }
  }

  @Test
  void writesCombinedLineForEachRequest() throws IOException {
    try (TestGateway gateway = start("statecraft.gateway.access-log=combined",
        "statecraft.gateway.client.trusted-proxies=127.0.0.0/8");
        RawClient client = RawClient.connect(gateway.port())) {
      client.send(String.join("\r\n", "GET /shop/a;jsessionid=secret?q=1 HTTP/1.1", "Host: a",
          "X-Forwarded-For: 192.0.2.7", "Cookie: SESSION=secret", "Referer: http://a/b;jsessionid=secret",
          "User-Agent: a \"quoted\" \u00e4", "", ""));
      assertThat(client.readResponse().status()).isEqualTo(200);
      assertThat(lines.matching("/shop/a")).matches("192\\.0\\.2\\.7 - - \\[\\d\\d/\\w{3}/\\d{4}:\\d\\d:\\d\\d:\\d\\d "
          + "[+-]\\d{4}] \"GET /shop/a\\?q=1 HTTP/1\\.1\" 200 3 \"http://a/b\" \"a \\\\\"quoted\\\\\" \\\\xe4\"");
      client.send("GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.readResponse().status()).isEqualTo(404);
      assertThat(lines.matching("/nowhere")).startsWith("127.0.0.1 - - [").contains("\"GET /nowhere HTTP/1.1\" 404 ")
          .endsWith(" \"-\" \"-\"");
      client.send("GET /shop/without-host HTTP/1.1\r\n\r\n");
      assertThat(client.readResponse().status()).isEqualTo(400);
    }
    assertThat(lines.all).noneMatch(line -> line.contains("secret") || line.contains("without-host"));
  }

  @Test
  void writesJsonLineForEachRequest() {
    try (TestGateway gateway = start("statecraft.gateway.access-log=json")) {
      assertThat(gateway.post("/shop/a", "{}", "User-Agent", "test").statusCode()).isEqualTo(200);
      JsonNode line = JsonMapper.builder().build().readTree(lines.matching("/shop/a"));
      assertThat(line.propertyNames()).containsExactlyInAnyOrder("time", "client", "method", "uri", "protocol",
          "status", "bytes", "duration_ms", "node", "user_agent");
      assertThat(line.get("client").stringValue()).isEqualTo("127.0.0.1");
      assertThat(line.get("method").stringValue()).isEqualTo("POST");
      assertThat(line.get("status").intValue()).isEqualTo(200);
      assertThat(line.get("bytes").longValue()).isEqualTo(3);
      assertThat(line.get("node").stringValue()).isEqualTo("one");
    }
  }

  private TestGateway start(String... properties) {
    TestGateway gateway = TestGateway.over(List.of(node), properties);
    // Not before: Spring Boot resets the logging system when it starts.
    lines.start();
    logger.addAppender(lines);
    logger.setLevel(Level.INFO);
    return gateway;
  }

  private static final class Lines extends AppenderBase<ILoggingEvent> {
    private final List<String> all = new CopyOnWriteArrayList<>();

    @Override
    protected void append(ILoggingEvent event) {
      all.add(event.getFormattedMessage());
    }

    /** Waits for the one line that contains the text. The client can have the answer before the line is written. */
    String matching(String text) {
      await().until(() -> all.stream().anyMatch(line -> line.contains(text)));
      assertThat(all).filteredOn(line -> line.contains(text)).hasSize(1);
      return all.stream().filter(line -> line.contains(text)).findFirst().orElseThrow();
    }
  }
}
