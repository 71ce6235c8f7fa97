package dev.statecraft.stateless.concurrency;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.tomcat.autoconfigure.TomcatServerProperties;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;

/**
 * Serves one request at a time; the other connections queue.
 *
 * <p>Suitable for work that must never overlap, and to show why the other models exist. Unsuitable for anything that
 * waits, because all clients wait with it: requests of 100 ms limit the service to 10 a second, and a client that reads
 * slowly blocks it until its timeout. It sheds no load; clients give up by themselves.
 */
@Component("iterative")
@Lazy
class IterativeModel implements ConcurrencyModel {
  private final ThreadPoolExecutor thread;

  IterativeModel(TomcatServerProperties tomcat) {
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
