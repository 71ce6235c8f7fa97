package dev.statecraft.stateless;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/**
 * What tells one replica from another.
 *
 * @param node the replica's name, sent as {@code X-Served-By}
 * @param maximumBody the largest body that {@code POST /echo} takes
 */
@ConfigurationProperties("statecraft")
record NodeProperties(String node, DataSize maximumBody) {
  NodeProperties {
    if (node.isBlank()) {
      throw new IllegalArgumentException("statecraft.node must name this node");
    }
    if (maximumBody.isNegative() || maximumBody.toBytes() >= Integer.MAX_VALUE) {
      throw new IllegalArgumentException("statecraft.maximum-body must be between 0 and 2 GB");
    }
  }

  int maximumBodyBytes() {
    return (int) maximumBody.toBytes();
  }
}
