package dev.statecraft.lab.console;

import java.util.function.Supplier;

/** Updates the status four times a second until it is closed. */
public final class ProgressLoop implements AutoCloseable {
  private static final long INTERVAL_MILLIS = 250;

  private final Thread thread;

  public ProgressLoop(Progress progress, Supplier<String> status) {
    thread = Thread.ofPlatform().daemon().name("progress").start(() -> {
      try {
        while (true) {
          Thread.sleep(INTERVAL_MILLIS);
          progress.status(status.get());
        }
      } catch (InterruptedException e) {
        // Closed.
      }
    });
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
