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
  private static final Duration START_TIMEOUT = Duration.ofMinutes(2);

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
   * Starts an application on a free port from the extracted jar, which needs a third less CPU time.
   *
   * @param libraries directories of jars that are added to its class path, after its own
   */
  static Replica ofExtractedJar(Path jar, String mainClass, List<Path> libraries, Map<String, String> properties,
      Path log) {
    List<String> path = new ArrayList<>(List.of(jar.toString()));
    libraries.forEach(directory -> path.add(directory + "/*"));
    return start(List.of("-cp", String.join(File.pathSeparator, path), mainClass), properties, log);
  }

  private static Replica start(List<String> application, Map<String, String> properties, Path log) {
    List<String> command = new ArrayList<>(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1"));
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
