package dev.statecraft.stateless.concurrency;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * A way to give threads to requests. Under each model Tomcat accepts connections and waits for requests in the same two
 * threads; it hands each readable connection to the model. So limits, backlog and parsing are the same for all models.
 *
 * <p>A model is a bean whose name is the value of {@code statecraft.concurrency}. Only the chosen one is created. To
 * remove a model, delete its class. Thread-safe.
 */
interface ConcurrencyModel extends Executor, AutoCloseable {
  /**
   * Lets a thread serve a connection, now or later. Never blocks.
   *
   * @throws RejectedExecutionException if there is no capacity; the client then gets a 503
   */
  @Override
  void execute(Runnable connection);

  /** Number of threads of the model, busy or idle. */
  int liveThreads();

  /** Number of connections that wait for a thread. */
  int queued();

  /** Stops the threads. */
  @Override
  void close();
}
