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
 * A new thread of the operating system for each request, gone with its answer.
 *
 * <p>Good for: plain blocking code, with as many requests at once as there is memory for stacks, and no pool to tune.
 * Dies by: its threads. Each costs tens of microseconds to make and end, which is what short requests then mostly pay
 * for; each holds a stack; and thousands of them that calculate share the processors so finely that all are late
 * together. So their number is bounded, and past it a request is shed.
 *
 * <p>To start a thread, the JVM waits until the system has let it run, which on busy processors takes a while. Tomcat's
 * poller must not wait meanwhile, for it could neither shed nor look after anybody else; so a few threads start the
 * others.
 */
@Component("thread-per-request") @Lazy
class ThreadPerRequest implements ConcurrencyModel {
  private final Limits limits;
  private final Semaphore room;
  private final ThreadFactory threads;
  private final ThreadPoolExecutor starters;

  @Autowired
  ThreadPerRequest(Limits limits) {
    this(limits, Thread.ofPlatform().name("request-", 0).daemon().factory());
  }

  ThreadPerRequest(Limits limits, ThreadFactory threads) {
    this.limits = limits;
    this.threads = threads;
    this.room = new Semaphore(limits.maximum());
    int processors = Math.max(2, Runtime.getRuntime().availableProcessors());
    // Whatever waits for a start holds a place already, so that this queue has room for all.
    this.starters = new ThreadPoolExecutor(processors, processors, 0, TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(limits.maximum()), Thread.ofPlatform().name("starter-", 0).daemon().factory());
  }

  @Override
  public void execute(Runnable connection) {
    if (!room.tryAcquire()) {
      throw new RejectedExecutionException("All " + limits.maximum() + " threads are busy.");
    }
    starters.execute(() -> start(() -> {
      try {
        connection.run();
      } finally {
        room.release();
      }
    }));
  }

  private void start(Runnable request) {
    try {
      threads.newThread(request).start();
    } catch (OutOfMemoryError noThread) {
      // Neither the heap nor this request's fault: the system gives no more threads.
      request.run();
    }
  }

  @Override
  public int liveThreads() {
    return limits.maximum() - room.availablePermits() - starters.getQueue().size();
  }

  @Override
  public int queued() {
    return starters.getQueue().size();
  }

  @Override
  public void close() {
    // Each other thread ends with the request that it serves, which Tomcat has waited for.
    starters.shutdown();
  }

  /**
   * The bound of this model.
   *
   * @param maximum how many threads there may be at once
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
