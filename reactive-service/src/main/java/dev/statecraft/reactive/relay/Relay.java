package dev.statecraft.reactive.relay;

import dev.statecraft.reactive.NodeProperties;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ResponseStatusException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The rules of a relay, apart from the calls: what to accept, where it goes next, what comes back. Thread-safe. */
@Component
class Relay {
  /** The header that carries the signature of the body, on envelopes sent and on those that come back. */
  static final String SIGNATURE = "X-Envelope-Signature";

  private final String node;
  private final RelayProperties properties;
  private final KeyRing keys;
  private final JsonMapper json;
  private final InstantSource clock;

  Relay(NodeProperties node, RelayProperties properties, KeyRing keys, JsonMapper json, InstantSource clock) {
    this.node = node.node();
    this.properties = properties;
    this.keys = keys;
    this.json = json;
    this.clock = clock;
  }

  int maximumBytes() {
    return (int) properties.maximumBytes().toBytes();
  }

  /**
   * Reads what came: without a signature a client's new message, with one an envelope under way.
   *
   * @throws ResponseStatusException 400, 401 or 413
   */
  Envelope receive(byte[] body, @Nullable String signature) {
    if (body.length > maximumBytes()) {
      throw tooLarge();
    }
    if (signature == null) {
      Message message = read(body, Message.class);
      long expires = clock.instant().plus(properties.lifetime()).toEpochMilli();
      return new Envelope(UUID.randomUUID().toString(), message.route(), properties.maximumHops(), expires, List.of(),
          message.payload()).at(node);
    }
    if (!keys.verifies(body, signature)) {
      throw new ResponseStatusException(HttpStatus.UNAUTHORIZED, "The envelope is not signed by a key of this node.");
    }
    Envelope envelope = read(body, Envelope.class);
    if (envelope.expires() < clock.millis()) {
      throw new ResponseStatusException(HttpStatus.UNAUTHORIZED, "The envelope has expired.");
    }
    return envelope.at(node);
  }

  /**
   * The peer to which an envelope goes next.
   *
   * @return null when it has arrived
   * @throws ResponseStatusException 508 when it may not be forwarded again, 400 when no peer has the name
   */
  @Nullable
  URI next(Envelope envelope) {
    if (envelope.route().isEmpty()) {
      return null;
    }
    if (envelope.hops() <= 0) {
      throw new ResponseStatusException(HttpStatus.LOOP_DETECTED,
          "The envelope has been forwarded " + properties.maximumHops() + " times, which is the most.");
    }
    URI peer = properties.peers().get(envelope.route().getFirst());
    if (peer == null) {
      throw new ResponseStatusException(HttpStatus.BAD_REQUEST, "The route names a peer that this node does not know.");
    }
    return peer;
  }

  /**
   * Reads the envelope that came back for one that was sent, and marks it as passing this node again.
   *
   * @return null when it is not what was sent, carried on by nodes with a key of this ring
   */
  @Nullable
  Envelope back(Envelope sent, byte[] body, @Nullable String signature) {
    if (!keys.verifies(body, signature)) {
      return null;
    }
    Envelope returned = read(body, Envelope.class);
    return returned.id().equals(sent.id()) ? returned.at(node) : null;
  }

  /** The bytes of an envelope, and their signature. */
  Sealed seal(Envelope envelope) {
    byte[] body = json.writeValueAsBytes(envelope);
    if (body.length > maximumBytes()) {
      throw tooLarge();
    }
    return new Sealed(body, keys.sign(body));
  }

  ResponseStatusException tooLarge() {
    return new ResponseStatusException(HttpStatus.CONTENT_TOO_LARGE,
        "An envelope takes " + maximumBytes() + " bytes at most.");
  }

  private <T> T read(byte[] body, Class<T> type) {
    try {
      T value = json.readValue(body, type);
      if (value != null) {
        return value;
      }
    } catch (JacksonException malformed) {
      // Answered below; the text of it would tell of classes.
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

  /** An envelope as it travels. */
  @SuppressWarnings("ArrayRecordComponent")
  record Sealed(byte[] body, String signature) {}
}
