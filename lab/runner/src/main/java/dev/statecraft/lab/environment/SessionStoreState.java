package dev.statecraft.lab.environment;

import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a stateful node says of its session store at {@code /actuator/sessionstore}.
 *
 * @param sessions how many it holds
 * @param leader the node that leads the group, where there is a group and it has a leader
 * @param primary the host of the Redis server that it writes to, where there are sentinels and it has a connection
 */
public record SessionStoreState(long sessions, @Nullable String leader, @Nullable String primary) {
  public SessionStoreState(long sessions, @Nullable String leader) {
    this(sessions, leader, null);
  }

  /** What the node at an address says, where it answers. */
  public static Optional<SessionStoreState> fetch(URI node) {
    return Probe.get(node.resolve("/actuator/sessionstore")).flatMap(SessionStoreState::parse);
  }

  public static Optional<SessionStoreState> parse(String json) {
    try {
      JsonNode root = JsonMapper.shared().readTree(json);
      return Optional.of(
          new SessionStoreState(root.path("sessions").asLong(0), text(root, "leader"), text(root, "primary")));
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  private static @Nullable String text(JsonNode root, String name) {
    return root.path(name).isString() ? root.path(name).asString() : null;
  }
}
