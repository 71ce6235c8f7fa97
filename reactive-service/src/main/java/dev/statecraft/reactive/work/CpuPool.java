package dev.statecraft.reactive.work;

import dev.statecraft.service.admission.AdmissionEstimator;
import dev.statecraft.service.admission.AdmissionEstimator.Ticket;
import dev.statecraft.service.cpu.CpuBurner;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Threads for CPU work, one for each processor, because an event loop that calculates serves no other request. The
 * queue has no limit of its own: it holds at most the admitted requests, and to reject one here would come after most
 * of its cost. Thread-safe.
 */
@Component
class CpuPool implements DisposableBean {
  private final CpuBurner burner;
  private final AdmissionEstimator estimator;
  private final ThreadPoolExecutor threads;

  CpuPool(CpuBurner burner, AdmissionEstimator estimator, MeterRegistry registry) {
    this.burner = burner;
    this.estimator = estimator;
    int processors = Runtime.getRuntime().availableProcessors();
    this.threads = new ThreadPoolExecutor(processors, processors, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
        Thread.ofPlatform().name("cpu-", 0).daemon().factory());
    Gauge.builder("concurrency.queue", threads, pool -> pool.getQueue().size())
        .description("Requests that wait for a processor").tag("model", "event-loop").register(registry);
  }

  /** Burns CPU time when subscribed to; cancelling ends it. */
  Mono<Void> burn(int millis) {
    return Mono.create(sink -> {
      Ticket ticket = estimator.join();
      AtomicBoolean waiting = new AtomicBoolean(true);
      FutureTask<@Nullable Void> task = new FutureTask<>(() -> {
        leave(waiting, ticket);
        if (burner.burn(millis, () -> Thread.currentThread().isInterrupted())) {
          sink.success();
        }
        return null;
      });
      threads.execute(task);
      sink.onCancel(() -> {
        task.cancel(true);
        threads.remove(task);
        leave(waiting, ticket);
      });
    });
  }

  private void leave(AtomicBoolean waiting, Ticket ticket) {
    if (waiting.compareAndSet(true, false)) {
      estimator.leave(ticket);
    }
  }

  @Override
  public void destroy() {
    threads.shutdownNow();
  }
}
