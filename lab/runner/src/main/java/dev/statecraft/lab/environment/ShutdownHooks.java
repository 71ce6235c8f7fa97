package dev.statecraft.lab.environment;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Runs an action exactly once: on {@link #close} or in a JVM shutdown hook, whichever comes first. Thread-safe. */
public final class ShutdownHooks implements AutoCloseable {
  private final Runnable action;
  private final AtomicBoolean done = new AtomicBoolean();
  private final Thread hook;

  /**
   * Registers the action.
   *
   * @param name the name of the shutdown thread
   * @throws IOException if this JVM is already shutting down; the action has then been run
   */
  public ShutdownHooks(String name, Runnable action) throws IOException {
    this.action = action;
    this.hook = new Thread(this::runOnce, name);
    try {
      Runtime.getRuntime().addShutdownHook(hook);
    } catch (IllegalStateException e) {
      runOnce();
      throw new IOException("this process is shutting down", e);
    }
  }

  @Override
  public void close() {
    runOnce();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is shutting down and runs the hook itself.
    }
  }

  private void runOnce() {
    if (done.compareAndSet(false, true)) {
      action.run();
    }
  }
}
