package dev.statecraft.reactive.relay;

import dev.statecraft.reactive.call.OutboundHttp;
import dev.statecraft.service.client.CancelledRequests;
import dev.statecraft.service.deadline.Deadline;
import dev.statecraft.service.node.NodeProperties;
import dev.statecraft.service.relay.Envelope;
import dev.statecraft.service.relay.RelayProtocol;
import dev.statecraft.service.relay.RelayProtocol.SignedEnvelope;
import java.net.URI;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/**
 * Forwards envelopes. A node stores nothing about an envelope between two requests, so any replica can serve any hop.
 */
@RestController
class RelayController {
  private static final byte[] EMPTY = {};

  private final NodeProperties node;
  private final RelayProtocol protocol;
  private final OutboundHttp http;
  private final CancelledRequests cancelled;

  RelayController(NodeProperties node, RelayProtocol protocol, OutboundHttp http, CancelledRequests cancelled) {
    this.node = node;
    this.protocol = protocol;
    this.http = http;
    this.cancelled = cancelled;
  }

  /** Accepts an envelope or a client's new message, sends it along its route, and answers when it has come back. */
  @PostMapping("/relay")
  Mono<ResponseEntity<byte[]>> relay(ServerHttpRequest request,
      @RequestHeader(name = RelayProtocol.SIGNATURE_HEADER, required = false) @Nullable String signature) {
    Deadline deadline = Deadline.of(request.getHeaders(), node.deadline());
    Mono<ResponseEntity<byte[]>> answer = DataBufferUtils.join(request.getBody(), protocol.maximumBytes())
        .onErrorMap(DataBufferLimitException.class, _ -> protocol.tooLarge()).map(RelayController::bytes)
        .defaultIfEmpty(EMPTY).map(body -> protocol.receive(body, signature))
        .flatMap(envelope -> forward(envelope, deadline)).map(this::answer);
    return OutboundHttp.limit(answer, deadline).doOnCancel(cancelled::count);
  }

  private Mono<Envelope> forward(Envelope envelope, Deadline deadline) {
    URI peer = protocol.nextPeer(envelope);
    if (peer == null) {
      return Mono.just(envelope);
    }
    Envelope forwarded = envelope.forwarded();
    SignedEnvelope signed = protocol.sign(forwarded);
    return http
        .send(client -> client.post().uri(peer).header(RelayProtocol.SIGNATURE_HEADER, signed.signature())
            .contentType(MediaType.APPLICATION_JSON).bodyValue(signed.body()), deadline)
        .map(reply -> protocol.receiveReply(forwarded, reply.getStatusCode().value(),
            Objects.requireNonNullElse(reply.getBody(), EMPTY),
            reply.getHeaders().getFirst(RelayProtocol.SIGNATURE_HEADER)));
  }

  private ResponseEntity<byte[]> answer(Envelope envelope) {
    SignedEnvelope signed = protocol.sign(envelope);
    return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON)
        .header(RelayProtocol.SIGNATURE_HEADER, signed.signature()).body(signed.body());
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
