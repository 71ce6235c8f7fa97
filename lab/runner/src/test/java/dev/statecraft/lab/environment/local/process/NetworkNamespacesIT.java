package dev.statecraft.lab.environment.local.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NetworkNamespacesIT {
  private static final int PORT = 4001;

  @BeforeEach
  void assumeNamespaces() {
    assumeTrue(NetworkNamespaces.unsupportedReason().isEmpty(),
        () -> NetworkNamespaces.unsupportedReason().orElseThrow());
  }

  @Test
  void dropsPacketsInOneDirectionUntilReconnect() throws Exception {
    String namespace;
    try (Processes processes = new Processes()) {
      NetworkNamespaces network = new NetworkNamespaces(processes, new SplittableRandom());
      ProcessEndpoint one = network.endpoint("one");
      ProcessEndpoint other = network.endpoint("other");
      assertThat(one.address()).isNotEqualTo(other.address());
      assertThat(network.endpoint("one")).isEqualTo(one);
      namespace = Path.of(one.commandPrefix().getLast().replace("--net=", "")).getFileName().toString();
      assertThat(namespaces()).contains(namespace);
      listen(processes, one);
      listen(processes, other);
      awaitOpen(() -> connect(processes, other, one));

      network.cut("other", "one");
      assertThat(connect(processes, other, one)).isEqualTo("timeout");
      // A connection needs both directions: here the answer is dropped.
      assertThat(connect(processes, one, other)).isEqualTo("timeout");
      awaitOpen(() -> Connector.connect(one.address()));
      awaitOpen(() -> Connector.connect(other.address()));

      network.reconnect();
      awaitOpen(() -> connect(processes, other, one));
      awaitOpen(() -> connect(processes, one, other));
    }
    assertThat(namespaces()).doesNotContain(namespace);
  }

  @Test
  void killedLabLeavesNoNamespace() throws Exception {
    Process lab = new ProcessBuilder(java(Lab.class)).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try {
      String namespace;
      try (var out = lab.inputReader(StandardCharsets.UTF_8)) {
        namespace = String.valueOf(out.readLine());
        assertThat(namespaces()).contains(namespace);
        lab.destroyForcibly();
      }
      await().atMost(Duration.ofSeconds(20)).until(() -> !namespaces().contains(namespace));
    } finally {
      lab.destroyForcibly();
    }
  }

  /** Creates a namespace and waits. */
  static final class Lab {
    public static void main(String[] arguments) throws Exception {
      NetworkNamespaces network = new NetworkNamespaces(new Processes(), new SplittableRandom());
      String entry = network.endpoint("only").commandPrefix().getLast();
      System.out.println(Path.of(entry.replace("--net=", "")).getFileName());
      // Waits until the test kills this process or exits.
      var _ = System.in.read();
    }
  }

  /** Listens at an address and reports it. */
  static final class Listener {
    public static void main(String[] arguments) throws Exception {
      try (ServerSocket socket = new ServerSocket()) {
        socket.bind(new InetSocketAddress(arguments[0], PORT));
        System.out.println("listening");
        while (true) {
          socket.accept().close();
        }
      }
    }
  }

  /** Connects to an address and reports the outcome. */
  static final class Connector {
    private static final int CONNECT_TIMEOUT_MILLIS = 800;

    public static void main(String[] arguments) {
      System.out.println(connect(arguments[0]));
    }

    static String connect(String address) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(address, PORT), CONNECT_TIMEOUT_MILLIS);
        return "open";
      } catch (SocketTimeoutException e) {
        return "timeout";
      } catch (IOException e) {
        return e.toString();
      }
    }
  }

  /** Tries again, because a single attempt may time out on a busy machine. */
  private static void awaitOpen(Callable<String> attempt) {
    await().atMost(Duration.ofSeconds(60)).until(attempt, "open"::equals);
  }

  private static void listen(Processes processes, ProcessEndpoint at) throws IOException {
    assertThat(firstLine(processes, at.command(java(Listener.class, at.address())))).isEqualTo("listening");
  }

  private static String connect(Processes processes, ProcessEndpoint from, ProcessEndpoint to) throws IOException {
    return firstLine(processes, from.command(java(Connector.class, to.address())));
  }

  private static String firstLine(Processes processes, List<String> command) throws IOException {
    Process process = processes.start(new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT));
    return String.valueOf(process.inputReader(StandardCharsets.UTF_8).readLine());
  }

  private static List<String> java(Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1", "-cp",
            System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    return command;
  }

  private static List<String> namespaces() throws IOException {
    Path directory = Path.of("/run/netns");
    if (!Files.exists(directory)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.map(entry -> entry.getFileName().toString()).toList();
    }
  }
}
