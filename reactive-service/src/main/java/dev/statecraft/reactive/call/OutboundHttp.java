package dev.statecraft.reactive.call;

import dev.statecraft.reactive.client.Deadline;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClient.RequestHeadersSpec;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Mono;

/** Calls other services over HTTP/1.1, on the event loop that asks. Redirects are not followed. Thread-safe. */
@Component
public class OutboundHttp {
  private static final int MAXIMUM_ANSWER_BYTES = 64 * 1024;

  private final WebClient client;

  OutboundHttp(ReactorResourceFactory resources) {
    this.client = WebClient.builder()
        .clientConnector(new ReactorClientHttpConnector(resources, http -> http.followRedirect(false)))
        .codecs(codecs -> codecs.defaultCodecs().maxInMemorySize(MAXIMUM_ANSWER_BYTES)).build();
  }

  /**
   * Makes a call once subscribed to, and ends it when cancelled. What is left of the deadline goes along in the header
   * {@value Deadline#HEADER}; to end the call at the deadline is left to the subscriber.
   *
   * @return the answer, whatever its status; or the error to answer the client with, 502 or 504
   */
  public Mono<ResponseEntity<byte[]>> make(Function<WebClient, RequestHeadersSpec<?>> request, Deadline deadline) {
    return Mono.defer(() -> {
      long leftMillis = TimeUnit.NANOSECONDS.toMillis(deadline.leftNanos());
      if (leftMillis == 0) {
        return Mono.error(late());
      }
      return request.apply(client).header(Deadline.HEADER, Long.toString(leftMillis))
          .exchangeToMono(response -> response.toEntity(byte[].class))
          .onErrorMap(_ -> new ResponseStatusException(HttpStatus.BAD_GATEWAY,
              "A service that this one calls did not answer."));
    });
  }

  /** What to answer a client with whose deadline has passed. */
  public static ResponseStatusException late() {
    return new ResponseStatusException(HttpStatus.GATEWAY_TIMEOUT,
        "The deadline passed before the calls were answered.");
  }
}
