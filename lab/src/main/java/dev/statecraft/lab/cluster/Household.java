package dev.statecraft.lab.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Processes and the files that they work on, which live and end together: when it is closed, or when this process ends
 * by whatever way lets it run its shutdown hooks. Thread-safe.
 */
final class Household implements AutoCloseable {
  private final WorkDirectory work;
  private final Processes processes = new Processes();
  private final AtomicBoolean ended = new AtomicBoolean();
  private final Thread atExit = new Thread(this::end, "household-at-exit");

  Household() throws IOException {
    this.work = new WorkDirectory();
    try {
      Runtime.getRuntime().addShutdownHook(atExit);
    } catch (IllegalStateException e) {
      work.close();
      throw new IOException("this process is about to end", e);
    }
  }

  WorkDirectory work() {
    return work;
  }

  Processes processes() {
    return processes;
  }

  /** Prepares a process with a directory and properties of its own; it does not run yet. */
  Node node(String name, int port, Map<String, String> properties, Launch launch, Path java, Path log)
      throws IOException {
    return node(name, Place.LOOPBACK, port, properties, launch, java, log);
  }

  /** The same at a place of its own. */
  Node node(
      String name, Place place, int port, Map<String, String> properties, Launch launch, Path java, Path log)
      throws IOException {
    Path directory = work.newDirectory(name);
    Path file = directory.resolve("node.properties");
    NodeProperties.write(file, properties);
    return new Node(name, place, port, launch.command(java, file), directory, log, processes);
  }

  @Override
  public void close() {
    end();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // This process is ending and runs the hook itself.
    }
  }

  private void end() {
    if (ended.compareAndSet(false, true)) {
      processes.close();
      work.close();
    }
  }
}
