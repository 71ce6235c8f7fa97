package dev.statecraft.stateless.concurrency;

import dev.statecraft.stateless.AdmissionEstimator;
import dev.statecraft.stateless.AdmissionEstimator.Place;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;

/**
 * A virtual thread for each request (JEP 444): synchronous code at an asynchronous cost. One that waits is a few
 * hundred bytes to some kilobytes on the heap, while the few carrier threads, one for each processor, serve others.
 *
 * <p>Good for: requests that mostly wait, by the thousand. Dies by: calculation, since a carrier is given up only at a
 * wait, so that as many long calculations as processors stop everybody else, and who waits to end does so behind all
 * that wait to begin; by native code that waits and pins its carrier; and by memory, since it would take in every
 * request there is. So the number at once is bounded, and past it, or while it takes too long until one begins, a
 * request is shed.
 */
@Component("virtual-threads") @Lazy
class VirtualThreads implements ConcurrencyModel {
  /**
   * A request that waits within its work, or for its turn to calculate, stands in the scheduler's queue a second time.
   */
  static final Duration LONGEST_TO_BEGIN = AdmissionEstimator.LONGEST.dividedBy(2);

  private final Limits limits;
  private final Semaphore room;
  private final AdmissionEstimator beginning;
  private final Thread.Builder threads = Thread.ofVirtual().name("request-", 0);

  @Autowired
  VirtualThreads(Limits limits) {
    this(limits, new AdmissionEstimator(LONGEST_TO_BEGIN, System::nanoTime));
  }

  VirtualThreads(Limits limits, AdmissionEstimator beginning) {
    this.limits = limits;
    this.beginning = beginning;
    this.room = new Semaphore(limits.maximum());
  }

  @Override
  public void execute(Runnable connection) {
    if (beginning.isTooLong()) {
      throw new RejectedExecutionException("Those that are under way wait to begin.");
    }
    if (!room.tryAcquire()) {
      throw new RejectedExecutionException(limits.maximum() + " requests are under way.");
    }
    Place place = beginning.joined();
    threads.start(() -> {
      beginning.left(place);
      try {
        connection.run();
      } finally {
        room.release();
      }
    });
  }

  @Override
  public int liveThreads() {
    return limits.maximum() - room.availablePermits();
  }

  @Override
  public int queued() {
    return 0;
  }

  @Override
  public void close() {
    // Each thread ends with the request that it serves, which Tomcat has waited for.
  }

  /**
   * The bound of this model.
   *
   * @param maximum how many requests there may be at once; Tomcat needs some 80 KB of heap for each, so that the
   * default fits into 256 MiB, where 2,500 did nothing but collect, and 4,000 ran out
   */
  @ConfigurationProperties("statecraft.virtual-threads")
  record Limits(@DefaultValue("1000") int maximum) {
    Limits {
      if (maximum < 1) {
        throw new IllegalArgumentException("statecraft.virtual-threads.maximum must be at least 1");
      }
    }
  }
}
