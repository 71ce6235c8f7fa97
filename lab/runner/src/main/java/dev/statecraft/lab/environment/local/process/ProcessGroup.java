package dev.statecraft.lab.environment.local.process;

import dev.statecraft.lab.environment.ShutdownHooks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Processes and their work directory, which are removed together on {@link #close} or JVM shutdown. Thread-safe. */
public final class ProcessGroup implements AutoCloseable {
  private final WorkDirectory work;
  private final Processes processes = new Processes();
  private final ShutdownHooks shutdown;

  public ProcessGroup() throws IOException {
    this.work = new WorkDirectory();
    this.shutdown = new ShutdownHooks("process-group-shutdown", this::closeAll);
  }

  public WorkDirectory work() {
    return work;
  }

  public Processes processes() {
    return processes;
  }

  /** Prepares a process with its own directory and properties; does not start it. */
  public Node node(String name, ProcessEndpoint endpoint, int port, Map<String, String> properties, Launch launch,
      Path java, Path log) throws IOException {
    Path directory = work.newDirectory(name);
    Path file = directory.resolve("node.properties");
    PropertiesFile.write(file, properties);
    return new Node(name, endpoint, port, launch.command(java, file), directory, log, processes);
  }

  @Override
  public void close() {
    shutdown.close();
  }

  private void closeAll() {
    processes.close();
    work.close();
  }
}
