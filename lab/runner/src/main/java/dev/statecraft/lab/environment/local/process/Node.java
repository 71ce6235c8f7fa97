package dev.statecraft.lab.environment.local.process;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.statecraft.lab.environment.ClusterFailure;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A process of the cluster, which keeps its name, port and disk across restarts. Thread-safe. */
public final class Node {
  private static final int LOG_TAIL_LINES = 25;

  private final String name;
  private final String address;
  private final int port;
  private final List<String> command;
  private final Path directory;
  private final Path log;
  private final Processes processes;
  @GuardedBy("this")
  private @Nullable Process process;

  public Node(String name, int port, List<String> command, Path directory, Path log, Processes processes) {
    this(name, ProcessEndpoint.LOOPBACK, port, command, directory, log, processes);
  }

  public Node(String name, ProcessEndpoint endpoint, int port, List<String> command, Path directory, Path log,
      Processes processes) {
    this.name = name;
    this.address = endpoint.address();
    this.port = port;
    this.command = endpoint.command(command);
    this.directory = directory;
    this.log = log;
    this.processes = processes;
  }

  /** The name that the node sends in {@code X-Served-By}. */
  public String name() {
    return name;
  }

  /** The URL of the node itself, past the gateway. */
  public URI uri() {
    return URI.create("http://" + address + ":" + port);
  }

  /** The output of the process, across restarts. */
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

  /** The running process; empty if there is none. */
  public synchronized Optional<ProcessHandle> process() {
    return Optional.ofNullable(process).filter(Process::isAlive).map(Process::toHandle);
  }

  public synchronized void start() throws ClusterFailure {
    if (isAlive()) {
      throw new IllegalStateException(name + " is already running");
    }
    try {
      process = processes.start(new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile())));
    } catch (IOException e) {
      throw new ClusterFailure("cannot start " + name + ": " + e.getMessage(), e);
    }
  }

  /** Kills the process (SIGKILL). */
  public synchronized void kill() throws InterruptedException {
    if (process != null) {
      processes.kill(process);
    }
  }

  /** Stops the process (SIGSTOP): its connections stay open, and it does not answer. */
  public synchronized void pause() throws InterruptedException {
    if (process != null) {
      Processes.signal(process, "STOP");
    }
  }

  /** Resumes a paused process (SIGCONT); does nothing if it has exited. */
  public synchronized void resume() throws InterruptedException {
    if (isAlive() && process != null) {
      Processes.signal(process, "CONT");
    }
  }

  /** Terminates the process (SIGTERM) and waits; returns false if it had to be killed after the timeout. */
  public synchronized boolean terminate(long seconds) throws InterruptedException {
    return process == null || processes.terminate(process, seconds);
  }

  /** The last 25 lines of the log, for error messages. */
  public String logTail() {
    try {
      List<String> lines = new String(Files.readAllBytes(log), StandardCharsets.UTF_8).lines().toList();
      return String.join("\n  ", lines.subList(Math.max(0, lines.size() - LOG_TAIL_LINES), lines.size()));
    } catch (IOException e) {
      return "(no log: " + e.getMessage() + ")";
    }
  }
}
