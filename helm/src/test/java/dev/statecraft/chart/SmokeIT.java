package dev.statecraft.chart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the script of {@code helm test} against a fake gateway with one strategy and one echo tier. */
class SmokeIT {
  private static final Path SMOKE = Path.of("statecraft", "files", "smoke").toAbsolutePath();

  private final Map<String, Integer> unavailable = new ConcurrentHashMap<>();
  private final Map<String, String> carts = new ConcurrentHashMap<>();
  private final AtomicInteger sessions = new AtomicInteger();
  private final HttpServer gateway;
  private boolean losesItems;

  @TempDir
  private Path directory;

  SmokeIT() throws IOException {
    this.gateway = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  @BeforeEach
  void start() {
    gateway.createContext("/", this::serve);
    gateway.start();
  }

  @AfterEach
  void stop() {
    gateway.stop(0);
  }

  @Test
  void passesOnCorrectAnswers() throws Exception {
    assertThat(runScript()).isEqualTo(new ScriptResult(0, """
        gateways: %s
        ok: redis: 1 carts of 2, read through 1 gateways from 1 nodes
        ok: reactive, through 1 gateways
        """.formatted(address())));
  }

  @Test
  void retriesUnavailableTier() throws Exception {
    unavailable.put("POST /redis/cart/items", 1);
    unavailable.put("POST /reactive/relay", 2);

    ScriptResult result = runScript();
    assertThat(result.status()).as(result.output()).isZero();
    assertThat(result.output()).containsOnlyOnce("retry: redis: item 1 at " + address() + ": status 503")
        .contains("retry: reactive: relay at " + address() + ": status 503", "ok: redis", "ok: reactive");
    assertThat(sessions).as("the client restarted with a new login").hasValue(2);
  }

  @Test
  void failsIfTierStaysUnavailable() throws Exception {
    unavailable.put("POST /reactive/relay", Integer.MAX_VALUE);

    ScriptResult result = runScript();
    assertThat(result.status()).as(result.output()).isOne();
    assertThat(result.output()).contains("ok: redis",
        "FAILED: reactive: relay at " + address() + ": expected status 200, was 503",
        "FAILED: 1 of 2");
  }

  @Test
  void failsAtOnceOnWrongCart() throws Exception {
    losesItems = true;

    ScriptResult result = runScript();
    assertThat(result.status()).as(result.output()).isOne();
    assertThat(result.output()).contains("FAILED: redis: cart at " + address(), "FAILED: 1 of 2")
        .doesNotContain("retry");
    assertThat(sessions).hasValue(1);
  }

  @Test
  void reachesGatewaysThatHaveOnlyIpv6Addresses() throws Exception {
    HttpServer server = HttpServer.create();
    assumeThat(binds(server, "::1")).as("this machine has an IPv6 loopback address").isTrue();
    server.createContext("/", this::serve);
    server.start();
    int port = server.getAddress().getPort();
    Path getent = Files.writeString(directory.resolve("getent"), "#!/bin/sh\necho '::1 STREAM gateways'\n");
    assertThat(getent.toFile().setExecutable(true)).isTrue();
    try {
      ScriptResult result = runScript("gateways",
          Map.of("PATH", directory + ":" + System.getenv("PATH"), "PORT", String.valueOf(port)));
      assertThat(result).isEqualTo(new ScriptResult(0, """
          gateways: [::1]:%d
          ok: redis: 1 carts of 2, read through 1 gateways from 1 nodes
          ok: reactive, through 1 gateways
          """.formatted(port)));
    } finally {
      server.stop(0);
    }
  }

  private static boolean binds(HttpServer server, String address) throws IOException {
    try {
      server.bind(new InetSocketAddress(InetAddress.getByName(address), 0), 0);
      return true;
    } catch (SocketException e) {
      return false;
    }
  }

  private ScriptResult runScript() throws IOException, InterruptedException {
    return runScript(address(), Map.of());
  }

  private ScriptResult runScript(String gateways, Map<String, String> environment)
      throws IOException, InterruptedException {
    Path log = directory.resolve("log");
    ProcessBuilder builder = new ProcessBuilder("bash", SMOKE.toString()).redirectErrorStream(true)
        .redirectOutput(log.toFile());
    builder.environment().putAll(
        Map.of("GATEWAYS", gateways, "STRATEGIES", "redis", "ECHOES", "reactive", "STATIONS", "reactive", "CLIENTS",
            "1",
            "ITEMS", "2"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    boolean ended = process.waitFor(30, TimeUnit.SECONDS);
    process.destroy();
    String output = Files.readString(log);
    assertThat(ended).as(output).isTrue();
    return new ScriptResult(process.exitValue(), output);
  }

  private String address() {
    return gateway.getAddress().getAddress().getHostAddress() + ":" + gateway.getAddress().getPort();
  }

  private void serve(HttpExchange exchange) throws IOException {
    String request = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    if (unavailable.merge(request, -1, Integer::sum) >= 0) {
      answer(exchange, 503, "");
      return;
    }
    String cookie = exchange.getRequestHeaders().getFirst("Cookie");
    String cart = cookie == null ? null : carts.get(cookie);
    switch (request) {
      case "GET /reactive/whoami" -> answer(exchange, 200, "{\"service\":\"reactive-service\"}");
      case "POST /reactive/echo", "POST /reactive/relay" -> answer(exchange, 200, body);
      case "POST /redis/session" -> {
        String session = "SESSION=" + sessions.incrementAndGet();
        carts.put(session, "");
        exchange.getResponseHeaders().add("Set-Cookie", session + "; Path=/");
        answer(exchange, 201, "");
      }
      case "POST /redis/cart/items" -> {
        String item = body.substring(body.indexOf(':') + 1, body.length() - 1);
        carts.computeIfPresent(String.valueOf(cookie),
            (_, items) -> items.isEmpty() || losesItems ? item : items + "," + item);
        answer(exchange, cart == null ? 401 : 201, "");
      }
      case "GET /redis/cart" -> answer(exchange, cart == null ? 401 : 200, "{\"items\":[" + cart + "]}");
      case "DELETE /redis/session" -> answer(exchange, carts.remove(String.valueOf(cookie)) == null ? 401 : 204, "");
      case "GET /redis/session" -> answer(exchange, cart == null ? 401 : 200, "");
      default -> answer(exchange, 404, request);
    }
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    try (exchange) {
      exchange.getResponseHeaders().add("X-Served-By", "stateful-0");
      byte[] bytes = body.getBytes(UTF_8);
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private record ScriptResult(int status, String output) {}
}
