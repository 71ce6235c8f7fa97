package dev.statecraft.gateway.discovery;

import java.net.URI;
import java.util.Map;
import org.springframework.cloud.client.ServiceInstance;

/**
 * A node as discovery reports it. Two members are the same node if name and address are equal.
 *
 * @param serviceId id of the route
 * @param name unique within the route
 * @param uri scheme, host and port; no path
 * @param metadata {@link #WEIGHT}, {@link #GROUP} and {@link #LABEL}, if known
 */
public record Member(String serviceId, String name, URI uri, Map<String, String> metadata)
    implements
      ServiceInstance {
  /** Share of the requests relative to other nodes, a positive integer. */
  public static final String WEIGHT = "weight";
  /** Name of a group of nodes, for affinity by network. */
  public static final String GROUP = "group";
  /** Name of the node that users see when they may choose one. */
  public static final String LABEL = "label";

  @Override
  public String getInstanceId() {
    return name;
  }

  @Override
  public String getServiceId() {
    return serviceId;
  }

  @Override
  public String getHost() {
    return uri.getHost();
  }

  @Override
  public int getPort() {
    return uri.getPort();
  }

  @Override
  public boolean isSecure() {
    return "https".equals(uri.getScheme());
  }

  @Override
  public URI getUri() {
    return uri;
  }

  @Override
  public Map<String, String> getMetadata() {
    return metadata;
  }

  @Override
  public String getScheme() {
    return uri.getScheme();
  }
}
