package dev.statecraft.benchmark;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A process of the stateful service. All candidates have the same jar, class path and JVM options. */
final class ServiceProcess implements Closeable {
  private static final Duration START_TIMEOUT = Duration.ofMinutes(2);
  private static final long PROBE_MILLIS = 200;

  private final Process process;
  private final Path log;
  private final int port;

  private ServiceProcess(Process process, Path log, int port) {
    this.process = process;
    this.log = log;
    this.port = port;
  }

  /** Starts the service. */
  static ServiceProcess start(Path service, Path peer, List<String> properties, Path log) throws IOException {
    int port = freePort();
    List<String> command = new ArrayList<>(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xms256m", "-Xmx256m",
            "-XX:+UseSerialGC", "-Dloader.path=" + peer, "-cp", service.toString(),
            "org.springframework.boot.loader.launch.PropertiesLauncher", "--server.port=" + port,
            "--server.address=127.0.0.1"));
    properties.forEach(property -> command.add("--" + property));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(process::destroyForcibly));
    return new ServiceProcess(process, log, port);
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  int port() {
    return port;
  }

  /**
   * Waits until the service is ready.
   *
   * @throws IOException if it ended or is not ready in time
   */
  void awaitReady() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
    while (!isReady()) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new IOException("The service did not start. The end of its log:\n" + endOfLog());
      }
      Thread.sleep(PROBE_MILLIS);
    }
  }

  private boolean isReady() {
    try (HttpConnection connection = new HttpConnection(port)) {
      return connection
          .exchange(HttpConnection.request("GET /actuator/health/readiness HTTP/1.1", "", ""))
          .status() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private String endOfLog() throws IOException {
    List<String> lines = Files.readAllLines(log);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
