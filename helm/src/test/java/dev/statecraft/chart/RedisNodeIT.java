package dev.statecraft.chart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import redis.embedded.core.ExecutableProvider;

/** Runs the script of the Redis containers with real servers and sentinels. */
@EnabledOnOs(OS.LINUX)
class RedisNodeIT {
  private static final Path SCRIPT = Chart.DIRECTORY.resolve("files").resolve("redis-node").toAbsolutePath();
  private static final Path CLIENT = Path.of("src", "test", "resources", "redis", "redis-cli");
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final String NODE = "127.0.0.1";
  private static final String SECOND_NODE = "127.0.0.2";
  /** The connection of a sentinel that has authenticated. */
  private static final String SENTINEL_CONNECTED = "name=sentinel-";
  /** Characters that configuration files, ACL rules and shells treat specially. */
  private static final String DIFFICULT_PASSWORD = "new $x\\ \"'#>&* `id`";

  private final int serverPort = freePort();
  private final int sentinelPort = freePort();
  private final List<Process> processes = new ArrayList<>();
  private final Map<String, String> environment = new TreeMap<>();

  @TempDir
  private Path directory;

  @BeforeEach
  void prepareContainer() throws IOException {
    Path programs = Files.createDirectory(directory.resolve("bin"));
    Path server = ExecutableProvider.newJarResourceProvider(programs.toFile()).get().toPath();
    Files.createSymbolicLink(programs.resolve("redis-server"), server.toAbsolutePath());
    Files.copy(CLIENT, programs.resolve("redis-cli"));
    assertThat(programs.resolve("redis-cli").toFile().setExecutable(true)).isTrue();
    environment.put("PATH", programs + ":" + System.getenv("PATH"));
    environment.put("SECRET", Files.createDirectory(directory.resolve("secret")).toString());
    environment.put("SERVER_PORT", String.valueOf(serverPort));
    environment.put("SENTINEL_PORT", String.valueOf(sentinelPort));
    environment.put("NODES", NODE);
    environment.put("ORIGIN", "");
    environment.put("QUORUM", "1");
    environment.put("DOWN_AFTER_MILLIS", "1000");
    environment.put("FOLLOW_SECONDS", "0.1");
    setPassword("first");
  }

  @AfterEach
  void stop() throws InterruptedException {
    for (Process process : processes) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
    processes.clear();
  }

  @Test
  void passwordIsNoProcessArgument() throws IOException {
    Process server = start("standalone", NODE);
    awaitAnswer(NODE, serverPort, "first", "PONG", "PING");
    assertThat(commandLine(server.pid())).contains("redis-server").doesNotContain("first");
    assertThat(server.descendants()).allSatisfy(child -> assertThat(commandLine(child.pid())).doesNotContain("first"));
  }

  @Test
  void emptyPasswordIsRefused() throws Exception {
    setPassword("");
    Process server = start("standalone", NODE);
    assertThat(server.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(server.exitValue()).isNotZero();
    assertThat(log("standalone", NODE)).contains("the Secret holds no Redis password");
  }

  /** Clients have either password while one is rotated. No process restarts. */
  @Test
  void runningServerFollowsChangedPasswords() throws IOException {
    Process server = start("standalone", NODE);
    awaitAnswer(NODE, serverPort, "first", "OK", "SET cart tea");
    Files.writeString(secret("additional-password"), "first");
    setPassword(DIFFICULT_PASSWORD);
    awaitAnswer(NODE, serverPort, DIFFICULT_PASSWORD, "tea", "GET cart");
    awaitAnswer(NODE, serverPort, "first", "tea", "GET cart");
    Files.delete(secret("additional-password"));
    awaitAnswer(NODE, serverPort, "first", "WRONGPASS", "GET cart");
    awaitAnswer(NODE, serverPort, DIFFICULT_PASSWORD, "tea", "GET cart");
    assertThat(server.isAlive()).isTrue();
  }

  @Test
  void serverStartsWithTwoPasswords() throws IOException {
    Files.writeString(secret("additional-password"), "first");
    setPassword(DIFFICULT_PASSWORD);
    start("standalone", NODE);
    awaitAnswer(NODE, serverPort, DIFFICULT_PASSWORD, "PONG", "PING");
    assertThat(ask(NODE, serverPort, "first", "PING")).contains("PONG");
  }

  @Test
  void runningSentinelFollowsChangedPassword() throws IOException {
    start("server", NODE);
    start("sentinel", NODE);
    awaitAnswer(NODE, serverPort, "first", SENTINEL_CONNECTED, "CLIENT LIST");
    setPassword("second");
    awaitAnswer(NODE, sentinelPort, "second", "PONG", "PING");
    awaitAnswer(NODE, serverPort, "second", "PONG", "PING");
    ask(NODE, serverPort, "second", "CLIENT KILL TYPE normal");
    awaitAnswer(NODE, serverPort, "second", SENTINEL_CONNECTED, "CLIENT LIST");
    assertThat(ask(NODE, sentinelPort, "first", "PING")).contains("WRONGPASS");
  }

  /** A new installation on the disks of an old one has another password, and perhaps another quorum. */
  @Test
  void sentinelOnOldDiskTakesNewPasswordAndQuorum() throws Exception {
    start("server", NODE);
    start("sentinel", NODE);
    awaitAnswer(NODE, serverPort, "first", SENTINEL_CONNECTED, "CLIENT LIST");
    String id = ask(NODE, sentinelPort, "first", "SENTINEL MYID");
    stop();

    setPassword("second");
    environment.put("QUORUM", "2");
    environment.put("DOWN_AFTER_MILLIS", "2000");
    start("server", NODE);
    start("sentinel", NODE);
    awaitAnswer(NODE, serverPort, "second", SENTINEL_CONNECTED, "CLIENT LIST");
    assertThat(ask(NODE, sentinelPort, "second", "SENTINEL MASTER statecraft")).contains("\nquorum\n2\n",
        "\ndown-after-milliseconds\n2000\n");
    assertThat(ask(NODE, sentinelPort, "second", "SENTINEL MYID")).isEqualTo(id).hasSize(41);
  }

  @Test
  void newGroupTakesOverSessionsOfStandaloneServer() throws IOException {
    start("standalone", NODE);
    awaitAnswer(NODE, serverPort, "first", "OK", "SET cart tea");
    environment.put("ORIGIN", NODE);
    environment.put("NODES", SECOND_NODE);
    start("server", SECOND_NODE);
    awaitAnswer(SECOND_NODE, serverPort, "first", "tea", "GET cart");
    assertThat(log("server", SECOND_NODE)).contains("primary: " + NODE);
  }

  @Test
  void pingFailsWithoutServer() throws Exception {
    Process ping = start("ping", NODE, String.valueOf(serverPort));
    assertThat(ping.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(ping.exitValue()).isNotZero();
  }

  /** Starts a container of a pod; pods share no files but the Secret. */
  private Process start(String role, String node, String... arguments) throws IOException {
    Path pod = Files.createDirectories(directory.resolve(node));
    Files.createDirectories(pod.resolve("data"));
    Files.createDirectories(pod.resolve("run"));
    Path config = Files.writeString(pod.resolve("redis.conf"),
        "port %d%nbind %s%ndir %s%nsave \"\"%nappendonly no%n".formatted(serverPort, node, pod.resolve("data")));
    List<String> command = new ArrayList<>(List.of("sh", SCRIPT.toString(), role));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(pod.resolve(role + ".log").toFile()));
    builder.environment().putAll(environment);
    builder.environment().putAll(Map.of("CONFIG", config.toString(), "DATA", pod.resolve("data").toString(), "RUN",
        pod.resolve("run").toString(), "SELF", node));
    Process process = builder.start();
    processes.add(process);
    return process;
  }

  private String log(String role, String node) throws IOException {
    return Files.readString(directory.resolve(node).resolve(role + ".log"));
  }

  private void awaitAnswer(String node, int port, String password, String part, String command) {
    await().atMost(TIMEOUT).untilAsserted(
        () -> assertThat(ask(node, port, password, command)).as("%s at %s:%d", command, node, port).contains(part));
  }

  /** Returns what redis-cli prints, errors included. */
  private String ask(String node, int port, String password, String command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder("bash", CLIENT.toString(), "-h", node, "-p", String.valueOf(port),
        command).redirectErrorStream(true);
    builder.environment().put("REDISCLI_AUTH", password);
    return new String(builder.start().getInputStream().readAllBytes(), UTF_8);
  }

  private static String commandLine(long process) {
    try {
      return Files.readString(Path.of("/proc", String.valueOf(process), "cmdline")).replace('\0', ' ');
    } catch (IOException e) {
      // It ended meanwhile.
      return "";
    }
  }

  private void setPassword(String password) throws IOException {
    Files.writeString(secret("password"), password);
  }

  private Path secret(String entry) {
    return directory.resolve("secret").resolve(entry);
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
