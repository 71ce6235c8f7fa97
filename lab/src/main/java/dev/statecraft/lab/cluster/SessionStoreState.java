package dev.statecraft.lab.cluster;

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
 */
public record SessionStoreState(long sessions, @Nullable String leader) {

  static Optional<SessionStoreState> parse(String json) {
    try {
      JsonNode root = JsonMapper.shared().readTree(json);
      JsonNode leader = root.path("leader");
      return Optional.of(
          new SessionStoreState(root.path("sessions").asLong(0), leader.isString() ? leader.asString() : null));
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }
}
