package dev.statecraft.stateless.concurrency;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * One way to give requests threads. Tomcat accepts connections and waits for requests in the same two threads under
 * every model, and hands each connection that has something to be read to the model; so the models differ in nothing
 * else, and have the same limit of connections and the same backlog.
 *
 * <p>A model is a bean named as {@code statecraft.concurrency} names it, and made only where it is chosen. To remove
 * one is to delete its class. Thread-safe.
 */
interface ConcurrencyModel extends Executor, AutoCloseable {
  /**
   * Has a thread serve a connection, now or in its turn. Never waits.
   *
   * @throws RejectedExecutionException when there is no room, upon which the client is told 503
   */
  @Override
  void execute(Runnable connection);

  /** The threads that the model holds, busy or idle. */
  int liveThreads();

  /** The connections that wait for a thread. */
  int queued();

  /** Ends the threads. */
  @Override
  void close();
}
