package dev.statecraft.session.affinity;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Handles the requests of peers. Answers 403 without a valid {@link HandoverToken}. Thread-safe. */
final class HandoverEndpoint {
  private static final int OK = 200;
  private static final int BAD_REQUEST = 400;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int UNAVAILABLE = 503;

  /** HTTP status and JSON body; the body of an error is empty. */
  record Response(int status, String body) {}

  private final Handover handover;
  private final HandoverToken token;
  private final JsonMapper json = JsonMapper.builder().build();

  HandoverEndpoint(Handover handover, HandoverToken token) {
    this.handover = handover;
    this.token = token;
  }

  Response handle(String path, @Nullable String givenToken, byte[] body) {
    if (!token.verify(givenToken, path, body)) {
      return new Response(FORBIDDEN, "");
    }
    try {
      return switch (path) {
        case Peers.LOOKUP_PATH -> {
          Peers.LookupRequest request = json.readValue(body, Peers.LookupRequest.class);
          yield ok(new Peers.LookupResponse(handover.moveTo(request.to(), request.ids())));
        }
        case Peers.TRANSFER_PATH -> {
          Set<String> taken = handover.receive(json.readValue(body, Peers.TransferRequest.class).sessions());
          yield taken == null ? new Response(UNAVAILABLE, "") : ok(new Peers.TransferResponse(taken));
        }
        case Peers.FIND_PATH -> ok(new Peers.FindResponse(
            handover.find(json.readValue(body, Peers.FindRequest.class).principal())));
        default -> new Response(NOT_FOUND, "");
      };
    } catch (JacksonException e) {
      // The token is valid, so the peer runs another version.
      return new Response(BAD_REQUEST, "");
    }
  }

  private Response ok(Object body) {
    return new Response(OK, json.writeValueAsString(body));
  }
}
