package dev.statecraft.session;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Status of this node's store. Each strategy defines one; readiness and {@code GET /actuator/sessionstore} read it.
 * Implementations are thread-safe and return within one second.
 */
public interface SessionStoreStatus {
  /** Returns why this node cannot serve sessions now, in one line. Empty if it can. */
  Optional<String> notReadyReason();

  /**
   * Returns what the endpoint shows besides strategy and node, in order: {@code sessions} (null if the number is
   * unknown) and values of the strategy.
   */
  Map<String, @Nullable Object> details();

  /** Returns the guarantee if a setting changes {@link SessionStrategy#guarantee()}. */
  default Optional<Guarantee> guarantee() {
    return Optional.empty();
  }
}
