package dev.statecraft.lab.environment.local.process;

import dev.statecraft.lab.environment.ShutdownHooks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Processes and the files that they work on, which live and end together: when it is closed, or when this process ends
 * by whatever way lets it run its shutdown hooks. Thread-safe.
 */
public final class ProcessGroup implements AutoCloseable {
  private final WorkDirectory work;
  private final Processes processes = new Processes();
  private final ShutdownHooks atExit;

  public ProcessGroup() throws IOException {
    this.work = new WorkDirectory();
    this.atExit = new ShutdownHooks("process-group-shutdown", this::end);
  }

  public WorkDirectory work() {
    return work;
  }

  public Processes processes() {
    return processes;
  }

  /** Prepares a process with a directory and properties of its own; it does not run yet. */
  public Node node(String name, int port, Map<String, String> properties, Launch launch, Path java, Path log)
      throws IOException {
    return node(name, ProcessEndpoint.LOOPBACK, port, properties, launch, java, log);
  }

  /** The same at a place of its own. */
  public Node node(String name, ProcessEndpoint place, int port, Map<String, String> properties, Launch launch,
      Path java, Path log) throws IOException {
    Path directory = work.newDirectory(name);
    Path file = directory.resolve("node.properties");
    PropertiesFile.write(file, properties);
    return new Node(name, place, port, launch.command(java, file), directory, log, processes);
  }

  @Override
  public void close() {
    atExit.close();
  }

  private void end() {
    processes.close();
    work.close();
  }
}
