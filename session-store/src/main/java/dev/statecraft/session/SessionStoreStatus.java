package dev.statecraft.session;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the store of this node fares. Each strategy brings one; readiness and {@code GET /actuator/sessionstore} ask it.
 * Implementations are thread-safe and answer within a second.
 */
public interface SessionStoreStatus {
  /** Empty when this node can serve sessions now; otherwise why it cannot, in one line. */
  Optional<String> whyNotReady();

  /**
   * What the endpoint shows besides strategy and node, in order: {@code sessions} (null where it cannot be known) and
   * what else the strategy has to tell.
   */
  Map<String, @Nullable Object> details();

  /** What it guarantees, where a setting makes that another than its strategy's own ({@link Guarantee#of}). */
  default Optional<Guarantee> guarantee() {
    return Optional.empty();
  }
}
