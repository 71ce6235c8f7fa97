package dev.statecraft.stateless.concurrency;

import dev.statecraft.service.admission.AdmissionEstimator;
import dev.statecraft.service.admission.AdmissionEstimator.Ticket;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;

/**
 * Starts a virtual thread for each request (JEP 444): synchronous code at the cost of asynchronous code. A waiting
 * virtual thread takes from a few hundred bytes to some kilobytes of heap, while the carrier threads, one for each
 * processor, serve others.
 *
 * <p>Suitable for thousands of requests that mostly wait. Unsuitable for CPU work, because a virtual thread leaves its
 * carrier only when it waits: as many long calculations as processors stop all other requests. Native code that waits
 * pins its carrier. The number of requests is limited to save memory; above the limit, or while new threads wait too
 * long for a carrier, requests are rejected.
 */
@Component("virtual-threads")
@Lazy
class VirtualThreadsModel implements ConcurrencyModel {
  /**
   * The longest time that a new thread may wait for a carrier. Half of the usual limit, because a request that waits
   * during its work joins the scheduler's queue a second time.
   */
  static final Duration MAX_START_WAIT = AdmissionEstimator.MAX_WAIT.dividedBy(2);

  private final Limits limits;
  private final Semaphore permits;
  private final AdmissionEstimator startWaits;
  private final Thread.Builder threads = Thread.ofVirtual().name("request-", 0);

  @Autowired
  VirtualThreadsModel(Limits limits) {
    this(limits, new AdmissionEstimator(MAX_START_WAIT, System::nanoTime));
  }

  VirtualThreadsModel(Limits limits, AdmissionEstimator startWaits) {
    this.limits = limits;
    this.startWaits = startWaits;
    this.permits = new Semaphore(limits.maximum());
  }

  @Override
  public void execute(Runnable connection) {
    if (startWaits.isWaitTooLong()) {
      throw new RejectedExecutionException("Requests wait too long for a carrier thread.");
    }
    if (!permits.tryAcquire()) {
      throw new RejectedExecutionException(limits.maximum() + " requests are being served.");
    }
    Ticket ticket = startWaits.join();
    threads.start(() -> {
      startWaits.leave(ticket);
      try {
        connection.run();
      } finally {
        permits.release();
      }
    });
  }

  @Override
  public int liveThreads() {
    return limits.maximum() - permits.availablePermits();
  }

  @Override
  public int queued() {
    return 0;
  }

  @Override
  public void close() {
    // Request threads stop by themselves; Tomcat has waited for their requests.
  }

  /**
   * Limit of this model.
   *
   * @param maximum largest number of concurrent requests; Tomcat needs about 80 KB of heap for each, so the default
   * fits into 256 MiB
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
