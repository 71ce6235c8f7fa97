package dev.statecraft.service.client;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.server.ResponseStatusException;

/** Counts, as {@code work.cancelled}, the requests that were stopped because the client disconnected. Thread-safe. */
public final class CancelledRequests {
  private static final int CLIENT_CLOSED_REQUEST = 499;

  private final Counter counter;

  /** Makes the counter. */
  public CancelledRequests(MeterRegistry registry) {
    this.counter = Counter.builder("work.cancelled").description("Requests stopped because the client disconnected")
        .register(registry);
  }

  /** Counts a request. */
  public void count() {
    counter.increment();
  }

  /** Counts a request. Returns the exception that ends it; only the request metrics see its status, nginx's 499. */
  public ResponseStatusException countedException() {
    count();
    return new ResponseStatusException(HttpStatusCode.valueOf(CLIENT_CLOSED_REQUEST), "The client disconnected.");
  }
}
