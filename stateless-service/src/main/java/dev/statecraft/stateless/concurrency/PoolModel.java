package dev.statecraft.stateless.concurrency;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.tomcat.util.threads.TaskQueue;
import org.apache.tomcat.util.threads.TaskThreadFactory;
import org.apache.tomcat.util.threads.ThreadPoolExecutor;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;

/**
 * A pool of threads with a bounded queue. The pool grows to its maximum before anything queues (the JDK's own pool
 * would queue first), and shrinks to its minimum when idle. If the queue is full, requests are rejected.
 *
 * <p>Suitable for CPU work, and for work whose concurrency must be limited anyway, such as by database connections; a
 * steady load creates no threads. Unsuitable for waiting: 200 threads that wait 100 ms each answer at most 2,000
 * requests a second while processors idle, and as many slow clients as threads occupy all of them.
 */
@Component("pool")
@Lazy
class PoolModel implements ConcurrencyModel {
  private final ThreadPoolExecutor threads;

  PoolModel(Limits limits) {
    TaskQueue queue = new TaskQueue(limits.queue());
    this.threads = new ThreadPoolExecutor(limits.minimum(), limits.maximum(), limits.idle().toMillis(),
        TimeUnit.MILLISECONDS, queue, new TaskThreadFactory("pool-", true, Thread.NORM_PRIORITY));
    queue.setParent(threads);
  }

  @Override
  public void execute(Runnable connection) {
    threads.execute(connection);
  }

  @Override
  public int liveThreads() {
    return threads.getPoolSize();
  }

  @Override
  public int queued() {
    return threads.getQueue().size();
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  /**
   * Size of the pool.
   *
   * @param minimum number of threads that are created in advance and never stop
   * @param maximum largest number of threads
   * @param idle time after which an idle thread above the minimum stops
   * @param queue largest number of connections that wait for a thread
   */
  @ConfigurationProperties("statecraft.pool")
  record Limits(@DefaultValue("10") int minimum, @DefaultValue("200") int maximum, @DefaultValue("10s") Duration idle,
      @DefaultValue("100") int queue) {
    Limits {
      if (minimum < 1 || maximum < minimum || queue < 1 || !idle.isPositive()) {
        throw new IllegalArgumentException("statecraft.pool needs 1 <= minimum <= maximum, and idle and queue above 0");
      }
    }
  }
}
