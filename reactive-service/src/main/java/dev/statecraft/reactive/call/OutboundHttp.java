package dev.statecraft.reactive.call;

import dev.statecraft.service.deadline.Deadline;
import dev.statecraft.service.deadline.DeadlineHeader;
import java.util.concurrent.TimeoutException;
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

/** HTTP/1.1 calls to other services, on the event loop of the caller. Does not follow redirects. Thread-safe. */
@Component
public class OutboundHttp {
  private static final int MAX_RESPONSE_BYTES = 64 * 1024;

  private final WebClient client;

  OutboundHttp(ReactorResourceFactory resources) {
    this.client = WebClient.builder()
        .clientConnector(new ReactorClientHttpConnector(resources, http -> http.followRedirect(false)))
        .codecs(codecs -> codecs.defaultCodecs().maxInMemorySize(MAX_RESPONSE_BYTES)).build();
  }

  /**
   * Sends a request, when subscribed to, with the time left in {@link DeadlineHeader}; cancelling ends the call. The
   * subscriber must end the call at the deadline, as {@link #limit} does.
   *
   * @return the response, whatever its status, or a {@link ResponseStatusException} with 502 or 504
   */
  public Mono<ResponseEntity<byte[]>> send(Function<WebClient, RequestHeadersSpec<?>> request, Deadline deadline) {
    return Mono.defer(() -> {
      long remainingMillis = deadline.remainingMillis();
      if (remainingMillis == 0) {
        return Mono.error(deadlineExceeded());
      }
      return request.apply(client).header(DeadlineHeader.NAME, Long.toString(remainingMillis))
          .exchangeToMono(response -> response.toEntity(byte[].class))
          .onErrorMap(e -> new ResponseStatusException(HttpStatus.BAD_GATEWAY,
              "A service that this one calls did not answer.", e));
    });
  }

  /** Cancels calls at the deadline; the error is a {@link ResponseStatusException} with 504. */
  public static <T> Mono<T> limit(Mono<T> calls, Deadline deadline) {
    return calls.timeout(deadline.remaining()).onErrorMap(TimeoutException.class, _ -> deadlineExceeded());
  }

  private static ResponseStatusException deadlineExceeded() {
    return Deadline.exceededBefore("the calls were answered");
  }
}
