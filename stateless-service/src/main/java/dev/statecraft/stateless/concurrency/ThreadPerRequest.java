package dev.statecraft.stateless.concurrency;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;

/**
 * A new thread of the operating system for each request, gone with its answer.
 *
 * <p>
 * Good for: plain blocking code, with as many requests at once as there is memory for stacks, and no pool to tune. Dies
 * by: its threads. Each costs tens of microseconds to make and end, which is what short requests then mostly pay for;
 * each holds a stack; and thousands of them that calculate share the processors so finely that all are late together.
 * So their number is bounded, and past it a request is shed.
 */
@Component("thread-per-request")
@Lazy
class ThreadPerRequest implements ConcurrencyModel {
  private final Limits limits;
  private final Semaphore room;
  private final Thread.Builder threads = Thread.ofPlatform().name("request-", 0).daemon();

  ThreadPerRequest(Limits limits) {
    this.limits = limits;
    this.room = new Semaphore(limits.maximum());
  }

  @Override
  public void execute(Runnable connection) {
    if (!room.tryAcquire()) {
      throw new RejectedExecutionException("All " + limits.maximum() + " threads are busy.");
    }
    try {
      start(connection);
    } catch (OutOfMemoryError noThread) {
      // Neither the heap nor this request's fault: the system gives no more threads.
      room.release();
      throw new RejectedExecutionException(noThread);
    }
  }

  private void start(Runnable connection) {
    threads.start(() -> {
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
