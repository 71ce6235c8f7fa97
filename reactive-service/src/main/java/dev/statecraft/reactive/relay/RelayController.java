package dev.statecraft.reactive.relay;

import dev.statecraft.reactive.NodeProperties;
import dev.statecraft.reactive.call.OutboundHttp;
import dev.statecraft.reactive.client.CancelledWork;
import dev.statecraft.reactive.client.Deadline;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Mono;

/**
 * Passes envelopes on. Between two messages a node knows nothing of an envelope; while one is away, it holds no more
 * than the connection on which it is to come back. So any replica can take any hop.
 */
@RestController
class RelayController {
  private final NodeProperties node;
  private final Relay relay;
  private final OutboundHttp calls;
  private final CancelledWork cancelled;

  RelayController(NodeProperties node, Relay relay, OutboundHttp calls, CancelledWork cancelled) {
    this.node = node;
    this.relay = relay;
    this.calls = calls;
    this.cancelled = cancelled;
  }

  /** Takes an envelope or a client's new message, sends it along its route, and answers with it when it is back. */
  @PostMapping("/relay")
  Mono<ResponseEntity<byte[]>> relay(ServerHttpRequest request,
      @RequestHeader(name = Relay.SIGNATURE, required = false) @Nullable String signature,
      @RequestHeader(name = Deadline.HEADER, required = false) @Nullable String deadline) {
    Deadline until = Deadline.of(deadline, node.deadline());
    return DataBufferUtils.join(request.getBody(), relay.maximumBytes())
        .onErrorMap(DataBufferLimitException.class, _ -> relay.tooLarge()).map(RelayController::bytes)
        .defaultIfEmpty(new byte[0]).map(body -> relay.receive(body, signature))
        .flatMap(envelope -> pass(envelope, until)).map(this::answer)
        .timeout(Duration.ofNanos(until.leftNanos())).onErrorMap(TimeoutException.class, _ -> OutboundHttp.late())
        .doOnCancel(cancelled::count);
  }

  private Mono<Envelope> pass(Envelope envelope, Deadline deadline) {
    URI peer = relay.next(envelope);
    if (peer == null) {
      return Mono.just(envelope);
    }
    Envelope onward = envelope.onward();
    Relay.Sealed sealed = relay.seal(onward);
    return calls.make(client -> client.post().uri(peer).header(Relay.SIGNATURE, sealed.signature())
        .contentType(MediaType.APPLICATION_JSON).bodyValue(sealed.body()), deadline)
        .map(answer -> back(onward, answer));
  }

  private Envelope back(Envelope sent, ResponseEntity<byte[]> answer) {
    HttpStatusCode status = answer.getStatusCode();
    if (status.isSameCodeAs(HttpStatus.GATEWAY_TIMEOUT) || status.isSameCodeAs(HttpStatus.LOOP_DETECTED)) {
      throw new ResponseStatusException(status,
          "So says a peer further down the route.");
    }
    byte[] body = answer.getBody();
    if (!status.isSameCodeAs(HttpStatus.OK) || body == null) {
      throw new ResponseStatusException(HttpStatus.BAD_GATEWAY, "The next peer answered " + status.value() + ".");
    }
    Envelope returned = relay.back(sent, body, answer.getHeaders().getFirst(Relay.SIGNATURE));
    if (returned == null) {
      throw new ResponseStatusException(HttpStatus.BAD_GATEWAY,
          "What the next peer answered is not the envelope that it was sent.");
    }
    return returned;
  }

  private ResponseEntity<byte[]> answer(Envelope envelope) {
    Relay.Sealed sealed = relay.seal(envelope);
    return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).header(Relay.SIGNATURE, sealed.signature())
        .body(sealed.body());
  }

  private static byte[] bytes(DataBuffer buffer) {
    try {
      byte[] bytes = new byte[buffer.readableByteCount()];
      buffer.read(bytes);
      return bytes;
    } finally {
      DataBufferUtils.release(buffer);
    }
  }
}
