package dev.statecraft.service.node;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/**
 * Name of a node, and the limits of each request.
 *
 * @param node name of this replica, sent as {@value #SERVED_BY_HEADER}
 * @param maximumBody the largest body that {@code POST /echo} accepts
 * @param deadline the longest time that a request may take; a client can ask for less
 */
@ConfigurationProperties("statecraft")
public record NodeProperties(String node, DataSize maximumBody, Duration deadline) {
  /** The response header that names the node. */
  public static final String SERVED_BY_HEADER = "X-Served-By";

  /** Checks the values. */
  public NodeProperties {
    if (node.isBlank()) {
      throw new IllegalArgumentException("statecraft.node must be the name of this node");
    }
    if (maximumBody.isNegative()) {
      throw new IllegalArgumentException("statecraft.maximum-body must not be negative");
    }
    if (!deadline.isPositive()) {
      throw new IllegalArgumentException("statecraft.deadline must be more than 0");
    }
  }
}
