package dev.statecraft.stateless.relay;

import dev.statecraft.stateless.NodeProperties;
import dev.statecraft.stateless.call.OutboundCallFailed;
import dev.statecraft.stateless.call.OutboundHttp;
import dev.statecraft.stateless.client.ClientConnection;
import dev.statecraft.stateless.client.ClientConnections;
import dev.statecraft.stateless.client.CancelledWork;
import dev.statecraft.stateless.client.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * Passes envelopes on. Between two messages a node knows nothing of an envelope; while one is away, it holds no more
 * than the connection on which it is to come back. So any replica can take any hop.
 */
@RestController
class RelayController {
  private final NodeProperties node;
  private final Relay relay;
  private final OutboundHttp calls;
  private final ClientConnections callers;
  private final CancelledWork cancelled;

  RelayController(NodeProperties node, Relay relay, OutboundHttp calls, ClientConnections callers,
      CancelledWork cancelled) {
    this.node = node;
    this.relay = relay;
    this.calls = calls;
    this.callers = callers;
    this.cancelled = cancelled;
  }

  /** Takes an envelope or a client's new message, sends it along its route, and answers with it when it is back. */
  @PostMapping("/relay")
  ResponseEntity<byte[]> relay(InputStream request,
      @RequestHeader(name = Relay.SIGNATURE, required = false) @Nullable String signature,
      @RequestHeader(name = Deadline.HEADER, required = false) @Nullable String deadline)
      throws IOException, InterruptedException {
    Envelope envelope = relay.receive(request.readNBytes(relay.maximumBytes() + 1), signature);
    URI peer = relay.next(envelope);
    if (peer != null) {
      envelope = send(envelope.onward(), peer, Deadline.of(deadline, node.deadline()));
    }
    Relay.Sealed sealed = relay.seal(envelope);
    return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).header(Relay.SIGNATURE, sealed.signature())
        .body(sealed.body());
  }

  private Envelope send(Envelope envelope, URI peer, Deadline deadline) throws InterruptedException {
    Relay.Sealed sealed = relay.seal(envelope);
    HttpRequest.Builder request = HttpRequest.newBuilder(peer).setHeader(Relay.SIGNATURE, sealed.signature())
        .setHeader("Content-Type", MediaType.APPLICATION_JSON_VALUE)
        .POST(BodyPublishers.ofByteArray(sealed.body()));
    try (ClientConnection caller = callers.current()) {
      try {
        return back(envelope, calls.make(request, deadline, caller));
      } catch (OutboundCallFailed e) {
        throw caller.left() ? cancelled.count() : new ResponseStatusException(e.status(), e.getMessage());
      }
    }
  }

  private Envelope back(Envelope sent, OutboundHttp.Answer answer) throws OutboundCallFailed {
    HttpStatus status = HttpStatus.resolve(answer.status());
    if (status == HttpStatus.GATEWAY_TIMEOUT || status == HttpStatus.LOOP_DETECTED) {
      throw new OutboundCallFailed(status, "So says a peer further down the route.");
    }
    if (status != HttpStatus.OK) {
      throw new OutboundCallFailed(HttpStatus.BAD_GATEWAY, "The next peer answered " + answer.status() + ".");
    }
    Envelope returned = relay.back(sent, answer.body(), answer.headers().firstValue(Relay.SIGNATURE).orElse(null));
    if (returned == null) {
      throw new OutboundCallFailed(HttpStatus.BAD_GATEWAY,
          "What the next peer answered is not the envelope that it was sent.");
    }
    return returned;
  }
}
