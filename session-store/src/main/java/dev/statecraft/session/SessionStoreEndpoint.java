package dev.statecraft.session;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/** {@code GET /actuator/sessionstore}: the strategy, its guarantee, and the status of this node's store. */
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
    Map<String, @Nullable Object> report = new LinkedHashMap<>();
    report.put("strategy", strategy.name());
    report.put("node", node);
    report.putAll(status.details());
    report.put("guarantee", status.guarantee().orElseGet(strategy::guarantee));
    return report;
  }
}
