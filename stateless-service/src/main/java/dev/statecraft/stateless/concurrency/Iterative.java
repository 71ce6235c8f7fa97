package dev.statecraft.stateless.concurrency;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.tomcat.autoconfigure.TomcatServerProperties;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;

/**
 * One request at a time; the rest queue, each connection once.
 *
 * <p>Good for: showing what the others are for, and work that must never overlap. Dies by: anything that waits, since
 * everybody waits with it. A request of 100 ms bounds it to 10 a second, and a client that reads slowly stops the
 * service until its time-out. It sheds nothing: who waits too long gives up.
 */
@Component("iterative") @Lazy
class Iterative implements ConcurrencyModel {
  private final ThreadPoolExecutor thread;

  Iterative(TomcatServerProperties tomcat) {
    this.thread = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(tomcat.getMaxConnections()),
        Thread.ofPlatform().name("iterative").daemon().factory());
  }

  @Override
  public void execute(Runnable connection) {
    thread.execute(connection);
  }

  @Override
  public int liveThreads() {
    return thread.getPoolSize();
  }

  @Override
  public int queued() {
    return thread.getQueue().size();
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
