package dev.statecraft.gateway.adversary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.statecraft.gateway.Backend;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The packaged gateway in a process of its own, with the options of the image in a container of 256 MiB. */
final class GatewayProcess implements AutoCloseable {
  private static final int KIB_PER_MIB = 1_024;
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  /** A busy machine may need long. */
  private static final Duration START_TIMEOUT = Duration.ofMinutes(5);
  private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final Process process;
  private final Path output;
  private final int port;

  private GatewayProcess(Process process, Path output, int port) {
    this.process = process;
    this.output = output;
    this.port = port;
  }

  /** Starts a gateway with the route {@code /shop} over the nodes, and waits until it has admitted all of them. */
  static GatewayProcess start(List<Backend> nodes) throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:MaxRAM=256m", "@" + Path.of("..", "docker", "jvm.options"), "-jar",
        Path.of("target", "gateway.jar").toString(), "--server.port=" + port, "--logging.level.root=warn",
        "--statecraft.gateway.routes.shop.prefix=/shop"));
    nodes.forEach(node -> command.add("--statecraft.gateway.routes.shop.nodes." + node.name() + '=' + node.url()));
    Path output = Files.createTempFile(Path.of("target"), "gateway-", ".log");
    ProcessBuilder image = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    image.environment().putAll(imageVariables());
    Process started = image.start();
    // Also ends it if the tests are interrupted.
    Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
    GatewayProcess gateway = new GatewayProcess(started, output, port);
    try {
      await().atMost(START_TIMEOUT).ignoreExceptions()
          .until(() -> gateway.metric("statecraft_gateway_node_available") == nodes.size());
      return gateway;
    } catch (Throwable notStarted) {
      gateway.close();
      throw notStarted;
    }
  }

  /** Returns the environment of the image. */
  private static Map<String, String> imageVariables() throws IOException {
    Map<String, String> variables = new HashMap<>();
    for (String line : Files.readAllLines(Path.of("..", "Dockerfile"))) {
      if (line.startsWith("ENV ")) {
        String[] variable = line.substring("ENV ".length()).split("=", 2);
        variables.put(variable[0], variable[1].replace("\"", ""));
      }
    }
    assertThat(variables).containsKeys("JDK_JAVA_OPTIONS", "MALLOC_ARENA_MAX");
    return variables;
  }

  int port() {
    return port;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Returns what the gateway has logged. */
  String output() throws IOException {
    return Files.readString(output);
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return CLIENT.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).timeout(TIMEOUT).build(),
        BodyHandlers.ofString());
  }

  double metric(String name) throws IOException, InterruptedException {
    return metric(name, "");
  }

  /** Returns the sum of a metric's exported samples that have this label. */
  double metric(String name, String label) throws IOException, InterruptedException {
    return get("/actuator/prometheus").body().lines()
        .filter(line -> line.startsWith(name + '{') && line.contains(label))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).sum();
  }

  /**
   * Returns an amount of memory in MiB.
   *
   * @param field of {@code /proc/PID/status}
   */
  long mebibytes(String field) throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
        .filter(line -> line.startsWith(field + ':'))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / KIB_PER_MIB).sum();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
