package dev.statecraft.lab.environment;

import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The state that a stateful node reports at {@code /actuator/sessionstore}.
 *
 * @param sessions the number of sessions that it holds
 * @param leader the leader of its Raft group; null if there is no group or no leader
 * @param primary the host of the Redis primary; null if there are no sentinels or no connection
 */
public record SessionStoreState(long sessions, @Nullable String leader, @Nullable String primary) {
  /** Asks a node for its state; empty if it does not answer. */
  public static Optional<SessionStoreState> fetch(URI node) {
    return Probe.get(node.resolve("/actuator/sessionstore")).flatMap(SessionStoreState::parse);
  }

  public static Optional<SessionStoreState> parse(String json) {
    try {
      JsonNode root = JsonMapper.shared().readTree(json);
      return Optional
          .of(new SessionStoreState(root.path("sessions").asLong(0), text(root, "leader"), text(root, "primary")));
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  private static @Nullable String text(JsonNode root, String name) {
    return root.path(name).isString() ? root.path(name).asString() : null;
  }
}
