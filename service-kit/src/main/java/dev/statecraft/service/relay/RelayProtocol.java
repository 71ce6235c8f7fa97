package dev.statecraft.service.relay;

import dev.statecraft.service.node.NodeProperties;
import dev.statecraft.signing.Signer;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.server.ResponseStatusException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The rules of the relay without its HTTP calls: which envelope a node accepts, where it forwards it, and which reply
 * it accepts. A node signs each envelope that it sends by HMAC-SHA-256 over the bytes. Thread-safe.
 */
public final class RelayProtocol {
  /** The header that carries the signature of the body, in requests and in replies. */
  public static final String SIGNATURE_HEADER = "X-Envelope-Signature";

  private static final Logger log = LoggerFactory.getLogger(RelayProtocol.class);

  private final String node;
  private final RelayProperties properties;
  private final Signer signer;
  private final JsonMapper json;
  private final InstantSource clock;

  RelayProtocol(NodeProperties node, RelayProperties properties, JsonMapper json, InstantSource clock) {
    this.node = node.node();
    this.properties = properties;
    this.signer = properties.signer();
    this.json = json;
    this.clock = clock;
    if (properties.keys().isEmpty()) {
      log.info("statecraft.relay.keys is empty: envelopes are signed with a random key that no other node accepts");
    }
  }

  /** The largest body of a request, in bytes. */
  public int maximumBytes() {
    return (int) properties.maximumBytes().toBytes();
  }

  /**
   * Reads the body of a request: a new message of a client if there is no signature, else an envelope.
   *
   * @throws ResponseStatusException 400, 401 or 413
   */
  public Envelope receive(byte[] body, @Nullable String signature) {
    if (body.length > maximumBytes()) {
      throw tooLarge();
    }
    if (signature == null) {
      Message message = read(body, Message.class);
      long expires = clock.instant().plus(properties.lifetime()).toEpochMilli();
      return new Envelope(UUID.randomUUID().toString(), message.route(), properties.maximumHops(), expires, List.of(),
          message.payload()).visitedBy(node);
    }
    if (!signer.verifyDetached(body, signature)) {
      throw new ResponseStatusException(HttpStatus.UNAUTHORIZED, "The envelope is not signed by a key of this node.");
    }
    Envelope envelope = read(body, Envelope.class);
    if (envelope.expires() < clock.millis()) {
      throw new ResponseStatusException(HttpStatus.UNAUTHORIZED, "The envelope has expired.");
    }
    return envelope.visitedBy(node);
  }

  /**
   * Returns the peer to which an envelope goes next, or null at the end of its route.
   *
   * @throws ResponseStatusException 508 if the envelope has no hops left, 400 if no peer has the name
   */
  public @Nullable URI nextPeer(Envelope envelope) {
    if (envelope.route().isEmpty()) {
      return null;
    }
    if (envelope.hops() <= 0) {
      throw new ResponseStatusException(HttpStatus.LOOP_DETECTED,
          "The envelope has been forwarded " + properties.maximumHops() + " times, which is the maximum.");
    }
    URI peer = properties.peers().get(envelope.route().getFirst());
    if (peer == null) {
      throw new ResponseStatusException(HttpStatus.BAD_REQUEST, "The route names a peer that this node does not know.");
    }
    return peer;
  }

  /**
   * Reads the reply of the next peer: the envelope on its way back.
   *
   * @throws ResponseStatusException 504 or 508 if a peer further along the route answered so, 502 if the reply is not
   * the envelope that was sent, signed by a node with a key of this ring
   */
  public Envelope receiveReply(Envelope sent, int status, byte[] body, @Nullable String signature) {
    if (status == HttpStatus.GATEWAY_TIMEOUT.value() || status == HttpStatus.LOOP_DETECTED.value()) {
      throw new ResponseStatusException(HttpStatusCode.valueOf(status), "A peer on the route answered " + status + ".");
    }
    if (status != HttpStatus.OK.value()) {
      throw new ResponseStatusException(HttpStatus.BAD_GATEWAY, "The next peer answered " + status + ".");
    }
    if (signer.verifyDetached(body, signature)) {
      Envelope returned = read(body, Envelope.class);
      if (returned.id().equals(sent.id())) {
        return returned.visitedBy(node);
      }
    }
    throw new ResponseStatusException(HttpStatus.BAD_GATEWAY, "The next peer did not return the envelope.");
  }

  /**
   * Returns the bytes of an envelope and their signature.
   *
   * @throws ResponseStatusException 413 if the envelope has become too large
   */
  public SignedEnvelope sign(Envelope envelope) {
    byte[] body = json.writeValueAsBytes(envelope);
    if (body.length > maximumBytes()) {
      throw tooLarge();
    }
    return new SignedEnvelope(body, signer.signDetached(body));
  }

  /** The error for an envelope that is too large: 413. */
  public ResponseStatusException tooLarge() {
    return new ResponseStatusException(HttpStatus.CONTENT_TOO_LARGE,
        "An envelope must not have more than " + maximumBytes() + " bytes.");
  }

  private <T> T read(byte[] body, Class<T> type) {
    try {
      T value = json.readValue(body, type);
      if (value != null) {
        return value;
      }
    } catch (JacksonException malformed) {
      // Answered below without its message, which names internal classes.
    }
    throw new ResponseStatusException(HttpStatus.BAD_REQUEST,
        "The body must be JSON: {\"route\": [names of peers], \"payload\": text}.");
  }

  /** What a client sends. */
  record Message(List<String> route, String payload) {
    Message {
      route = List.copyOf(route);
      Objects.requireNonNull(payload, "payload");
    }
  }

  /** An envelope as it is sent. */
  @SuppressWarnings("ArrayRecordComponent")
  public record SignedEnvelope(byte[] body, String signature) {}
}
