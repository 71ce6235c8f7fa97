package dev.statecraft.lab.load;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A minimal in-memory implementation of the stateful service's HTTP contract that can be made to fail. */
final class FakeService implements AutoCloseable {
  private static final Pattern COOKIE = Pattern.compile("SESSION=([^;]+)");
  private static final Pattern ITEM = Pattern.compile("\"item\"\\s*:\\s*\"([^\"]+)\"");

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, List<String>> sessions = new ConcurrentHashMap<>();
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicInteger maxInFlight = new AtomicInteger();
  private final HttpServer server;
  private volatile @Nullable Integer failWith;

  FakeService() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/fake", this::handle);
    server.start();
  }

  URI prefix() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/fake");
  }

  /** Answers every request with a status from now on; null restores normal service. */
  void failWith(@Nullable Integer status) {
    failWith = status;
  }

  /** Loses all sessions, as a node that is killed does. */
  void loseSessions() {
    sessions.clear();
  }

  Map<String, List<String>> sessions() {
    return sessions;
  }

  /** The maximum number of concurrent requests so far. */
  int maxInFlight() {
    return maxInFlight.get();
  }

  private void handle(HttpExchange exchange) throws IOException {
    maxInFlight.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      exchange.getResponseHeaders().add("X-Served-By", "fake-1");
      Integer status = failWith;
      if (status != null) {
        answer(exchange, status, "{\"title\": \"Failed\", \"detail\": \"injected failure\"}");
      } else {
        String call = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath().substring(5);
        String id = sessionId(exchange);
        List<String> cart = id == null ? null : sessions.get(id);
        switch (call) {
          case "POST /session" -> open(exchange, new CopyOnWriteArrayList<>(), 201);
          case "GET /session", "POST /session/rotate", "DELETE /session", "GET /cart", "POST /cart/items" -> {
            if (id == null || cart == null) {
              answer(exchange, 401, "{\"title\": \"Unauthorized\", \"detail\": \"there is no session\"}");
            } else {
              serve(exchange, call, id, cart, body);
            }
          }
          default -> answer(exchange, 404, "{}");
        }
      }
    } finally {
      inFlight.decrementAndGet();
    }
  }

  private void serve(HttpExchange exchange, String call, String id, List<String> cart, String body)
      throws IOException {
    switch (call) {
      case "GET /session" -> answer(exchange, 200, "{\"user\": \"someone\"}");
      case "POST /session/rotate" -> {
        sessions.remove(id);
        open(exchange, cart, 200);
      }
      case "DELETE /session" -> {
        sessions.remove(id);
        exchange.getResponseHeaders().add("Set-Cookie", "SESSION=; Path=/fake; Max-Age=0; HttpOnly");
        exchange.sendResponseHeaders(204, -1);
      }
      case "GET /cart" -> answer(
          exchange, 200,
          cart.stream().map(item -> "\"" + item + "\"").collect(Collectors.joining(",", "{\"items\": [", "]}")));
      default -> {
        Matcher item = ITEM.matcher(body);
        if (item.find()) {
          cart.add(Objects.requireNonNull(item.group(1)));
          answer(exchange, 201, "{}");
        } else {
          answer(exchange, 400, "{\"title\": \"Bad Request\"}");
        }
      }
    }
  }

  private void open(HttpExchange exchange, List<String> cart, int status) throws IOException {
    String id = UUID.randomUUID().toString();
    sessions.put(id, cart);
    exchange.getResponseHeaders().add("Set-Cookie", "SESSION=" + id + "; Path=/fake; HttpOnly; SameSite=Lax");
    answer(exchange, status, "{}");
  }

  private static @Nullable String sessionId(HttpExchange exchange) {
    return Optional.ofNullable(exchange.getRequestHeaders().getFirst("Cookie")).map(COOKIE::matcher)
        .filter(Matcher::find).map(matcher -> matcher.group(1)).orElse(null);
  }

  private static void answer(HttpExchange exchange, int status, String body) {
    try {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
