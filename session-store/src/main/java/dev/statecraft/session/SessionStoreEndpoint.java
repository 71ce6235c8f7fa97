package dev.statecraft.session;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/** {@code GET /actuator/sessionstore}: the strategy, what it guarantees, and how this node's store fares. */
@Endpoint(id = "sessionstore")
final class SessionStoreEndpoint {
  private final SessionStrategy strategy;
  private final String node;
  private final SessionStoreStatus status;

  SessionStoreEndpoint(SessionStrategy strategy, String node, SessionStoreStatus status) {
    this.strategy = strategy;
    this.node = node;
    this.status = status;
  }

  @ReadOperation
  Map<String, @Nullable Object> show() {
    Map<String, @Nullable Object> shown = new LinkedHashMap<>();
    shown.put("strategy", strategy.label());
    shown.put("node", node);
    shown.putAll(status.details());
    shown.put("guarantee", status.guarantee().orElseGet(() -> Guarantee.of(strategy)));
    return shown;
  }
}
