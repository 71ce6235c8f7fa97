package dev.statecraft.gateway.channel;

import io.netty.channel.EventLoop;
import java.util.concurrent.RejectedExecutionException;

/** Runs a task on the event loop of a connection. Thread-safe. */
public final class EventLoopTask {
  private EventLoopTask() {}

  /** Runs the task on the event loop: now if this is its thread, else later. Returns false if the loop has ended. */
  public static boolean run(EventLoop loop, Runnable task) {
    if (loop.inEventLoop()) {
      task.run();
      return true;
    }
    try {
      loop.execute(task);
      return true;
    } catch (RejectedExecutionException stopped) {
      return false;
    }
  }
}
