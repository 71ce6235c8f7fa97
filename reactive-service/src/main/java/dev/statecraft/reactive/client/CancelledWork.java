package dev.statecraft.reactive.client;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.stereotype.Component;

/** Counts, as {@code work.cancelled}, the requests whose work was stopped because the client left. */
@Component
public class CancelledWork {
  private final Counter counter;

  /** Counts as {@code work.cancelled}. */
  public CancelledWork(MeterRegistry registry) {
    this.counter = Counter.builder("work.cancelled").description("Requests stopped because their client left")
        .register(registry);
  }

  /** Counts one. */
  public void count() {
    counter.increment();
  }
}
