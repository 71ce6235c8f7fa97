package dev.statecraft.stateless.relay;

import dev.statecraft.service.client.CancelledRequests;
import dev.statecraft.service.deadline.Deadline;
import dev.statecraft.service.node.NodeProperties;
import dev.statecraft.service.relay.Envelope;
import dev.statecraft.service.relay.RelayProtocol;
import dev.statecraft.service.relay.RelayProtocol.SignedEnvelope;
import dev.statecraft.stateless.call.OutboundHttp;
import dev.statecraft.stateless.client.ClientConnection;
import dev.statecraft.stateless.client.ClientConnections;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * Forwards envelopes. A node stores nothing about an envelope between two requests, so any replica can serve any hop.
 */
@RestController
class RelayController {
  private final NodeProperties node;
  private final RelayProtocol protocol;
  private final OutboundHttp http;
  private final ClientConnections clients;
  private final CancelledRequests cancelled;

  RelayController(NodeProperties node, RelayProtocol protocol, OutboundHttp http, ClientConnections clients,
      CancelledRequests cancelled) {
    this.node = node;
    this.protocol = protocol;
    this.http = http;
    this.clients = clients;
    this.cancelled = cancelled;
  }

  /** Accepts an envelope or a client's new message, sends it along its route, and answers when it has come back. */
  @PostMapping("/relay")
  ResponseEntity<byte[]> relay(InputStream body,
      @RequestHeader(name = RelayProtocol.SIGNATURE_HEADER, required = false) @Nullable String signature,
      @RequestHeader HttpHeaders headers) throws IOException, InterruptedException {
    Deadline deadline = Deadline.of(headers, node.deadline());
    Envelope envelope = protocol.receive(body.readNBytes(protocol.maximumBytes() + 1), signature);
    URI peer = protocol.nextPeer(envelope);
    if (peer != null) {
      envelope = send(envelope.forwarded(), peer, deadline);
    }
    SignedEnvelope signed = protocol.sign(envelope);
    return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON)
        .header(RelayProtocol.SIGNATURE_HEADER, signed.signature()).body(signed.body());
  }

  private Envelope send(Envelope envelope, URI peer, Deadline deadline) throws InterruptedException {
    SignedEnvelope signed = protocol.sign(envelope);
    HttpRequest.Builder request = HttpRequest.newBuilder(peer)
        .setHeader(RelayProtocol.SIGNATURE_HEADER, signed.signature())
        .setHeader("Content-Type", MediaType.APPLICATION_JSON_VALUE).POST(BodyPublishers.ofByteArray(signed.body()));
    try (ClientConnection client = clients.current()) {
      try {
        HttpResponse<byte[]> reply = http.send(request, deadline, client);
        return protocol.receiveReply(envelope, reply.statusCode(), reply.body(),
            reply.headers().firstValue(RelayProtocol.SIGNATURE_HEADER).orElse(null));
      } catch (ResponseStatusException e) {
        throw client.isDisconnected() ? cancelled.countedException() : e;
      }
    }
  }
}
