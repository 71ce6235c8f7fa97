package dev.statecraft.stateless.client;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.http.HttpStatusCode;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ResponseStatusException;

/** Counts, as {@code work.cancelled}, the requests whose work was stopped because the client left. */
@Component
public class CancelledWork {
  private final Counter counter;

  CancelledWork(MeterRegistry registry) {
    this.counter = Counter.builder("work.cancelled").description("Requests stopped because their client left")
        .register(registry);
  }

  /**
   * Counts one.
   *
   * @return what to throw; 499, which some servers log for a client that closed its request, is read by nobody but the
   * request metrics
   */
  public ResponseStatusException count() {
    counter.increment();
    return new ResponseStatusException(HttpStatusCode.valueOf(499), "The client left.");
  }
}
