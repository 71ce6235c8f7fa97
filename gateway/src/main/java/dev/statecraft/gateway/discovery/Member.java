package dev.statecraft.gateway.discovery;

import java.net.URI;
import java.util.Map;
import org.springframework.cloud.client.DefaultServiceInstance;
import org.springframework.cloud.client.ServiceInstance;

/** Makes the nodes that discovery reports. Two of them are equal if name, address and metadata are equal. */
public final class Member {
  /** Metadata: share of the requests relative to other nodes, a positive integer. */
  public static final String WEIGHT = "weight";
  /** Metadata: zone of the node, such as eu-west-1a. */
  public static final String ZONE = "zone";
  /** Metadata: name of a group of nodes, for affinity by network and canaries. */
  public static final String GROUP = "group";
  /** Metadata: name of the node that users see when they may choose one. */
  public static final String LABEL = "label";

  private Member() {}

  /**
   * Makes a node.
   *
   * @param serviceId id of the route
   * @param name unique within the route
   * @param uri scheme, host and port; no path
   */
  public static ServiceInstance of(String serviceId, String name, URI uri, Map<String, String> metadata) {
    return new DefaultServiceInstance(name, serviceId, uri.getHost(), uri.getPort(),
        "https".equalsIgnoreCase(uri.getScheme()), metadata);
  }
}
