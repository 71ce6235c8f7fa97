package dev.statecraft.lab.environment;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An end that comes once: when this is closed, or when this process ends by whatever way lets it run its shutdown
 * hooks. Thread-safe.
 */
public final class ShutdownHooks implements AutoCloseable {
  private final Runnable end;
  private final AtomicBoolean ended = new AtomicBoolean();
  private final Thread hook;

  /**
   * Makes sure of the end.
   *
   * @param name of the thread that brings the end where this is not closed
   * @throws IOException where this process is ending already; the end has come by then
   */
  public ShutdownHooks(String name, Runnable end) throws IOException {
    this.end = end;
    this.hook = new Thread(this::endOnce, name);
    try {
      Runtime.getRuntime().addShutdownHook(hook);
    } catch (IllegalStateException e) {
      endOnce();
      throw new IOException("this process is about to end", e);
    }
  }

  @Override
  public void close() {
    endOnce();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // This process is ending and runs the hook itself.
    }
  }

  private void endOnce() {
    if (ended.compareAndSet(false, true)) {
      end.run();
    }
  }
}
