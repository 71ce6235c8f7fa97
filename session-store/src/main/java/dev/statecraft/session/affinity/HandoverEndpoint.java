package dev.statecraft.session.affinity;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Answers what peers ask; whoever cannot show the key ring learns nothing but that. Thread-safe. */
final class HandoverEndpoint {
  private static final int OK = 200;
  private static final int BAD_REQUEST = 400;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int UNAVAILABLE = 503;

  /** Status and JSON, which is empty where the status says it all. */
  record Answer(int status, String body) {}

  private final Handover handover;
  private final HandoverToken token;
  private final JsonMapper json = JsonMapper.builder().build();

  HandoverEndpoint(Handover handover, HandoverToken token) {
    this.handover = handover;
    this.token = token;
  }

  Answer answer(String path, @Nullable String shown, byte[] body) {
    if (!token.isOf(shown, path, body)) {
      return new Answer(FORBIDDEN, "");
    }
    try {
      return switch (path) {
        case Peers.ASK -> {
          Peers.Question question = json.readValue(body, Peers.Question.class);
          yield ok(new Peers.LookupResponse(handover.asked(question.ids(), question.to())));
        }
        case Peers.TAKE -> {
          Set<String> taken = handover.given(json.readValue(body, Peers.TransferRequest.class).sessions());
          yield taken == null ? new Answer(UNAVAILABLE, "") : ok(new Peers.Receipt(taken));
        }
        default -> new Answer(NOT_FOUND, "");
      };
    } catch (JacksonException e) {
      // Signed by a peer, but of another version than this node.
      return new Answer(BAD_REQUEST, "");
    }
  }

  private Answer ok(Object body) {
    return new Answer(OK, json.writeValueAsString(body));
  }
}
