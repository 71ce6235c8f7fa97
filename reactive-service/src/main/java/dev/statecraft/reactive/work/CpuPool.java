package dev.statecraft.reactive.work;

import dev.statecraft.reactive.AdmissionEstimator;
import dev.statecraft.reactive.AdmissionEstimator.Place;
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
 * Where CPU work goes, for an event loop that calculates serves nobody else meanwhile: as many threads as processors.
 * The queue holds no more than the requests under way, and has no bound of its own: it would refuse only after the loop
 * has done most of a request, which costs it more than a refusal may. Thread-safe.
 */
@Component
class CpuPool implements DisposableBean {
  private final CpuBurner processor;
  private final AdmissionEstimator delay;
  private final ThreadPoolExecutor threads;

  CpuPool(CpuBurner processor, AdmissionEstimator delay, MeterRegistry registry) {
    this.processor = processor;
    this.delay = delay;
    int processors = Runtime.getRuntime().availableProcessors();
    this.threads = new ThreadPoolExecutor(processors, processors, 0, TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(), Thread.ofPlatform().name("processor-", 0).daemon().factory());
    Gauge.builder("concurrency.queue", threads, pool -> pool.getQueue().size())
        .description("Requests that wait for a processor").tag("model", "event-loop").register(registry);
  }

  /** Burns CPU time once subscribed to, until it is cancelled. */
  Mono<Void> burn(int millis) {
    return Mono.create(sink -> {
      Place place = delay.joined();
      AtomicBoolean waits = new AtomicBoolean(true);
      FutureTask<@Nullable Void> burning = new FutureTask<>(() -> {
        leave(waits, place);
        if (processor.burn(millis, () -> Thread.currentThread().isInterrupted())) {
          sink.success();
        }
        return null;
      });
      threads.execute(burning);
      sink.onCancel(() -> {
        burning.cancel(true);
        threads.remove(burning);
        leave(waits, place);
      });
    });
  }

  private void leave(AtomicBoolean waits, Place place) {
    if (waits.compareAndSet(true, false)) {
      delay.left(place);
    }
  }

  @Override
  public void destroy() {
    threads.shutdownNow();
  }
}
