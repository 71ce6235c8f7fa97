package com.example.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A process of an application. */
final class Replica implements AutoCloseable {
  private static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();
  private static final Duration START_TIMEOUT = Duration.ofMinutes(2);
  private static final List<String> JVM = List.of(JAVA, "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  private final Process process;
  private final Path log;
  private final URI address;

  private Replica(Process process, Path log, URI address) {
    this.process = process;
    this.log = log;
    this.address = address;
  }

  /**
   * Starts an application on a free port from its executable jar.
   *
   * @param libraries directories of jars that are added to its class path
   */
  static Replica ofExecutableJar(Path jar, List<Path> libraries, Map<String, String> properties, Path log) {
    return start(
        List.of(
            "-Dloader.path=" + String.join(",", libraries.stream().map(Path::toString).toList()),
            "-cp",
            jar.toString(),
            "org.springframework.boot.loader.launch.PropertiesLauncher"),
        properties,
        log);
  }

  /**
   * Starts an application on a free port from the extracted jar, which needs less than half of the CPU time of the
   * executable jar.
   *
   * @param libraries directories of jars that are added to its class path, after its own
   */
  static Replica ofExtractedJar(ExtractedJar jar, List<Path> libraries, Map<String, String> properties, Path log) {
    List<String> path = new ArrayList<>(List.of(jar.path().toString()));
    libraries.forEach(directory -> path.add(directory + "/*"));
    return start(
        List.of("-XX:AOTCache=" + jar.cache(), "-cp", String.join(File.pathSeparator, path), jar.mainClass()),
        properties,
        log);
  }

  /** An application's jar beside its libraries, with a cache of its loaded classes (JEP 483) for fast starts. */
  record ExtractedJar(Path path, Path cache, String mainClass) {
    /**
     * Extracts an executable jar, and starts the application once until it is ready to serve.
     *
     * @param arguments of that start
     */
    static ExtractedJar extract(Path jar, String mainClass, Path destination, String... arguments) throws Exception {
      run(
          List.of(JAVA, "-Djarmode=tools", "-jar", jar.toString(), "extract", "--force", "--destination",
              destination.toString()));
      var extracted = new ExtractedJar(
          destination.resolve(jar.getFileName()), destination.resolve("classes.aot"), mainClass);
      List<String> training = new ArrayList<>(JVM);
      training.addAll(
          List.of("-XX:AOTCacheOutput=" + extracted.cache, "-Xlog:aot=error", "-Dspring.context.exit=onRefresh",
              "-cp", extracted.path.toString(), mainClass));
      training.addAll(List.of(arguments));
      run(training);
      return extracted;
    }

    private static void run(List<String> command) throws Exception {
      Process process = new ProcessBuilder(command).inheritIO().start();
      assertThat(process.waitFor(START_TIMEOUT)).as("%s ended", command).isTrue();
      assertThat(process.exitValue()).as("exit code of %s", command).isZero();
    }
  }

  private static Replica start(List<String> application, Map<String, String> properties, Path log) {
    List<String> command = new ArrayList<>(JVM);
    command.addAll(application);
    int port = Ports.free();
    command.add("--server.port=" + port);
    properties.forEach((name, value) -> command.add("--" + name + "=" + value));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
      return new Replica(process, log, URI.create("http://127.0.0.1:" + port));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Replica awaitReady(String path) {
    await().atMost(START_TIMEOUT).pollInterval(Duration.ofMillis(250)).until(() -> {
      assertThat(process.isAlive()).as(() -> "the process runs; its log:\n" + log()).isTrue();
      return answers(path);
    });
    return this;
  }

  private boolean answers(String path) {
    try {
      HttpURLConnection connection = (HttpURLConnection) address.resolve(path).toURL().openConnection();
      connection.setConnectTimeout(1000);
      connection.setReadTimeout(20_000);
      int status = connection.getResponseCode();
      assertThat(status).as(() -> "status of " + path + "; the log:\n" + log()).isNotEqualTo(500);
      return status == HttpURLConnection.HTTP_OK;
    } catch (IOException e) {
      return false;
    }
  }

  URI address() {
    return address;
  }

  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends the process as SIGKILL does. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
