package dev.statecraft.reactive.work;

import dev.statecraft.reactive.server.Shedding;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Where CPU work goes, for an event loop that calculates serves nobody else meanwhile: as many threads as processors
 * and a bounded queue, past which the work is refused at once. Thread-safe.
 */
@Component
class ProcessorPool implements DisposableBean {
  private final Processor processor;
  private final Shedding shedding;
  private final ThreadPoolExecutor threads;

  ProcessorPool(WorkProperties properties, Processor processor, Shedding shedding, MeterRegistry registry) {
    this.processor = processor;
    this.shedding = shedding;
    int processors = Runtime.getRuntime().availableProcessors();
    this.threads = new ThreadPoolExecutor(processors, processors, 0, TimeUnit.SECONDS,
        new ArrayBlockingQueue<>(properties.queue()), Thread.ofPlatform().name("processor-", 0).daemon().factory());
    Gauge.builder("concurrency.queue", threads, pool -> pool.getQueue().size())
        .description("Requests that wait for a processor").tag("model", "event-loop").register(registry);
  }

  /** Burns CPU time once subscribed to, until it is cancelled. */
  Mono<Void> burn(int millis) {
    return Mono.create(sink -> {
      try {
        FutureTask<@Nullable Void> burning = new FutureTask<>(() -> {
          if (processor.burn(millis, () -> Thread.currentThread().isInterrupted())) {
            sink.success();
          }
          return null;
        });
        threads.execute(burning);
        sink.onCancel(() -> {
          burning.cancel(true);
          threads.remove(burning);
        });
      } catch (RejectedExecutionException full) {
        sink.error(shedding.noRoom("Too much work waits for a processor."));
      }
    });
  }

  @Override
  public void destroy() {
    threads.shutdownNow();
  }
}
