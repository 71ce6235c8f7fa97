package dev.statecraft.reactive;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/**
 * What tells one replica from another, and the bounds of every request.
 *
 * @param node the replica's name, sent as {@code X-Served-By}
 * @param maximumBody the largest body that {@code POST /echo} takes
 * @param deadline the longest that one request may take; a caller may ask for less
 */
@ConfigurationProperties("statecraft")
public record NodeProperties(String node, DataSize maximumBody, Duration deadline) {
  /** Refuses a node without a name, and bounds that bound nothing. */
  public NodeProperties {
    if (node.isBlank()) {
      throw new IllegalArgumentException("statecraft.node must name this node");
    }
    if (maximumBody.isNegative()) {
      throw new IllegalArgumentException("statecraft.maximum-body must not be negative");
    }
    if (!deadline.isPositive()) {
      throw new IllegalArgumentException("statecraft.deadline must be more than 0");
    }
  }
}
