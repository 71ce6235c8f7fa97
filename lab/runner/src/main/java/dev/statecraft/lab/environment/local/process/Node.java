package dev.statecraft.lab.environment.local.process;

import dev.statecraft.lab.environment.ClusterFailure;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One process of the cluster; keeps its name, port and disk over kill and restart. Thread-safe.
 */
public final class Node {
  private static final int LAST_WORDS = 25;

  private final String name;
  private final String address;
  private final int port;
  private final List<String> command;
  private final Path directory;
  private final Path log;
  private final Processes processes;
  private @Nullable Process process;

  public Node(String name, int port, List<String> command, Path directory, Path log, Processes processes) {
    this(name, ProcessEndpoint.LOOPBACK, port, command, directory, log, processes);
  }

  public Node(String name, ProcessEndpoint place, int port, List<String> command, Path directory, Path log,
      Processes processes) {
    this.name = name;
    this.address = place.address();
    this.port = port;
    this.command = place.command(command);
    this.directory = directory;
    this.log = log;
    this.processes = processes;
  }

  /** The name that the node gives itself in {@code X-Served-By}. */
  public String name() {
    return name;
  }

  /** Where the node itself listens, without the gateway. */
  public URI uri() {
    return URI.create("http://" + address + ":" + port);
  }

  /** The node's output, of all its lives. */
  public Path log() {
    return log;
  }

  public String address() {
    return address;
  }

  public int port() {
    return port;
  }

  public synchronized boolean isAlive() {
    return process != null && process.isAlive();
  }

  /** The process of its present life, or empty where there is none. */
  public synchronized Optional<ProcessHandle> process() {
    return Optional.ofNullable(process).filter(Process::isAlive).map(Process::toHandle);
  }

  public synchronized void start() throws ClusterFailure {
    if (isAlive()) {
      throw new IllegalStateException(name + " runs already");
    }
    try {
      process = processes.start(new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile())));
    } catch (IOException e) {
      throw new ClusterFailure("cannot start " + name + ": " + e.getMessage(), e);
    }
  }

  /** Ends the process at once, as a power cut would. */
  public synchronized void kill() throws InterruptedException {
    if (process != null) {
      processes.kill(process);
    }
  }

  /** Stops the process where it stands (SIGSTOP): its connections stay open and nothing answers. */
  public synchronized void pause() throws InterruptedException {
    if (process != null) {
      Processes.signal(process, "STOP");
    }
  }

  /** Lets a paused process go on; nothing where it has ended meanwhile. */
  public synchronized void resume() throws InterruptedException {
    if (isAlive() && process != null) {
      Processes.signal(process, "CONT");
    }
  }

  /** Asks the process to end and waits; false where it had to be killed. */
  public synchronized boolean terminate(long seconds) throws InterruptedException {
    return process == null || processes.terminate(process, seconds);
  }

  /** The last lines of the log, for a message that tells why the node failed. */
  public String lastWords() {
    try {
      List<String> lines = new String(Files.readAllBytes(log), StandardCharsets.UTF_8).lines().toList();
      return String.join("\n  ", lines.subList(Math.max(0, lines.size() - LAST_WORDS), lines.size()));
    } catch (IOException e) {
      return "(no log: " + e.getMessage() + ")";
    }
  }
}
