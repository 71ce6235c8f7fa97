package dev.statecraft.stateless.concurrency;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;

/**
 * Starts a new platform thread for each request; the thread stops after the response.
 *
 * <p>Suitable for plain blocking code without a pool to tune. Unsuitable for short requests, because a thread costs
 * tens of microseconds to start and stop; for many slow requests, because each thread has a stack; and for CPU work,
 * because thousands of threads share the processors so finely that all requests are late. The number of threads is
 * limited; above the limit, requests are rejected.
 *
 * <p>The JVM blocks in {@code Thread.start} until the system has scheduled the new thread, which takes long on busy
 * processors. Tomcat's poller must not block, because then it could neither reject requests nor serve other
 * connections. So a few starter threads start the others.
 */
@Component("thread-per-request")
@Lazy
class ThreadPerRequestModel implements ConcurrencyModel {
  private final Limits limits;
  private final Semaphore permits;
  private final ThreadFactory threads;
  private final ThreadPoolExecutor starters;

  @Autowired
  ThreadPerRequestModel(Limits limits) {
    this(limits, Thread.ofPlatform().name("request-", 0).daemon().factory());
  }

  ThreadPerRequestModel(Limits limits, ThreadFactory threads) {
    this.limits = limits;
    this.threads = threads;
    this.permits = new Semaphore(limits.maximum());
    int processors = Math.max(2, Runtime.getRuntime().availableProcessors());
    // A task in this queue holds a permit, so the queue never overflows.
    this.starters = new ThreadPoolExecutor(processors, processors, 0, TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(limits.maximum()), Thread.ofPlatform().name("starter-", 0).daemon().factory());
  }

  @Override
  public void execute(Runnable connection) {
    if (!permits.tryAcquire()) {
      throw new RejectedExecutionException("All " + limits.maximum() + " threads are busy.");
    }
    starters.execute(() -> start(() -> {
      try {
        connection.run();
      } finally {
        permits.release();
      }
    }));
  }

  private void start(Runnable request) {
    try {
      threads.newThread(request).start();
    } catch (OutOfMemoryError noThread) {
      // The system has no more threads; the heap is not exhausted.
      request.run();
    }
  }

  @Override
  public int liveThreads() {
    return limits.maximum() - permits.availablePermits() - starters.getQueue().size();
  }

  @Override
  public int queued() {
    return starters.getQueue().size();
  }

  @Override
  public void close() {
    // Request threads stop by themselves; Tomcat has waited for their requests.
    starters.shutdown();
  }

  /**
   * Limit of this model.
   *
   * @param maximum largest number of threads
   */
  @ConfigurationProperties("statecraft.thread-per-request")
  record Limits(@DefaultValue("1000") int maximum) {
    Limits {
      if (maximum < 1) {
        throw new IllegalArgumentException("statecraft.thread-per-request.maximum must be at least 1");
      }
    }
  }
}
