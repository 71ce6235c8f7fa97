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
 * Threads made in advance. The pool grows to its maximum before anything queues (the JDK's own would queue first), and
 * shrinks to its minimum when idle; past a bounded queue a request is shed.
 *
 * <p>Good for: work that calculates, or whose number at once must be bounded anyway, as by a database's connections; a
 * steady load costs no thread's making. Dies by: waiting. Two hundred threads of 100 ms waits answer 2,000 a second
 * with idle processors, and as many slow clients as threads hold all of them.
 */
@Component("pool") @Lazy
class Pool implements ConcurrencyModel {
  private final ThreadPoolExecutor threads;

  Pool(Limits limits) {
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
   * The size of the pool.
   *
   * @param minimum how many threads are made in advance and stay
   * @param maximum how many there may be
   * @param idle how long one above the minimum may have nothing to do before it ends
   * @param queue how many connections may wait for a thread
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
