package dev.statecraft.gateway;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** A gateway in this JVM, at a free port, called over HTTP. */
public final class TestGateway implements AutoCloseable {
  private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
      .connectTimeout(Duration.ofSeconds(5)).build();

  static {
    LeakCheck.start();
    // A busy machine may need long; a test that waits for a condition does not assert a time.
    Awaitility.setDefaultTimeout(Duration.ofMinutes(1));
  }

  /** Null once it is closed, because test classes keep their gateways in static fields. */
  private @Nullable ConfigurableApplicationContext context;
  private final int port;

  private TestGateway(ConfigurableApplicationContext context) {
    this.context = context;
    this.port = Objects.requireNonNull(((WebServerApplicationContext) context).getWebServer()).getPort();
  }

  /** Starts a gateway with the route {@code /shop} over the nodes, and waits until it has admitted all of them. */
  public static TestGateway over(List<Backend> nodes, String... properties) {
    List<String> all = new ArrayList<>(List.of("statecraft.gateway.routes.shop.prefix=/shop",
        "statecraft.gateway.routes.shop.probe.interval=50ms", "statecraft.gateway.routes.shop.probe.timeout=5s"));
    all.addAll(List.of(properties));
    nodes.forEach(node -> all.add("statecraft.gateway.routes.shop.nodes." + node.name() + '=' + node.url()));
    TestGateway gateway = start(all);
    try {
      nodes.forEach(node -> gateway.awaitAvailable("shop", node.name(), true));
      return gateway;
    } catch (Throwable notAdmitted) {
      gateway.close();
      throw notAdmitted;
    }
  }

  /**
   * Starts a gateway with a page of YAML.
   *
   * @param nodes each is the one node of a service with its name
   * @param sources classes with beans of the application, such as filters
   */
  public static TestGateway ofPage(String yaml, List<Backend> nodes, List<String> properties, Class<?>... sources) {
    List<String> all = new ArrayList<>(properties);
    for (Backend node : nodes) {
      String service = "statecraft.gateway.services." + node.name();
      all.add(service + ".nodes." + node.name() + '=' + node.url());
      all.add(service + ".probe.interval=50ms");
      all.add(service + ".probe.timeout=5s");
    }
    try {
      Path page = Files.writeString(Files.createTempFile("page", ".yaml"), yaml);
      try {
        all.add("spring.config.additional-location=" + page.toUri());
        TestGateway gateway = start(all, sources);
        nodes.forEach(node -> gateway.awaitAvailable(node.name(), node.name(), true));
        return gateway;
      } finally {
        Files.delete(page);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts a gateway with these properties and no others. */
  public static TestGateway start(List<String> properties, Class<?>... sources) {
    Map<String, String> arguments = new LinkedHashMap<>(
        Map.of("server.port", "0", "server.address", "127.0.0.1", "statecraft.drain", "0s",
            "spring.main.register-shutdown-hook", "false", "logging.level.root", "warn",
            "statecraft.gateway.failure-warm-up",
            "0"));
    for (String property : properties) {
      int equals = property.indexOf('=');
      arguments.put(property.substring(0, equals), property.substring(equals + 1));
    }
    return new TestGateway(
        new SpringApplicationBuilder(GatewayApplication.class).sources(sources).run(arguments.entrySet().stream()
            .map(argument -> "--" + argument.getKey() + '=' + argument.getValue()).toArray(String[]::new)));
  }

  public int port() {
    return port;
  }

  public ConfigurableApplicationContext context() {
    return Objects.requireNonNull(context, "closed");
  }

  public URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  public HttpResponse<String> get(String path, String... headers) {
    return send(request(path, headers).GET().build());
  }

  public HttpResponse<String> post(String path, String body, String... headers) {
    return send(request(path, headers).POST(BodyPublishers.ofString(body)).build());
  }

  public HttpResponse<String> send(HttpRequest request) {
    return sendAsync(request).join();
  }

  public CompletableFuture<HttpResponse<String>> sendAsync(HttpRequest request) {
    return CLIENT.sendAsync(request, BodyHandlers.ofString());
  }

  public HttpRequest.Builder request(String path, String... headers) {
    HttpRequest.Builder builder = HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(20));
    return headers.length == 0 ? builder : builder.headers(headers);
  }

  /** Returns the sum of a metric's exported samples that have these labels. */
  public double metric(String name, String... labels) {
    return get("/actuator/prometheus").body().lines()
        .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
        .filter(line -> List.of(labels).stream().allMatch(line::contains))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).sum();
  }

  /** Looks for leaks in a sample of the buffers only, for a test with much traffic. */
  public void sampleLeaks() {
    LeakCheck.sample();
  }

  /** Waits until the gateway has admitted the node, or has taken it out. */
  public void awaitAvailable(String route, String node, boolean available) {
    await().pollInterval(Duration.ofMillis(20))
        .until(() -> metric("statecraft_gateway_node_available", "node=\"" + node + '"',
            "route=\"" + route + '"') == (available ? 1 : 0));
  }

  /** Stops the gateway, and fails if it leaked a buffer. */
  @Override
  public void close() {
    context().close();
    context = null;
    LeakCheck.assertNothingLeaked();
  }
}
