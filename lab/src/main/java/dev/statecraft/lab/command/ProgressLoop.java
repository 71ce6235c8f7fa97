package dev.statecraft.lab.command;

import java.util.function.Supplier;

/** Shows a changing status a few times a second until it is closed. */
final class ProgressLoop implements AutoCloseable {
  private static final long EVERY_MILLIS = 250;

  private final Thread thread;

  ProgressLoop(Progress progress, Supplier<String> status) {
    thread = Thread.ofPlatform().daemon().name("progress").start(() -> {
      try {
        while (true) {
          Thread.sleep(EVERY_MILLIS);
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
