package dev.statecraft.gateway.discovery;

import java.net.URI;
import java.util.Map;
import org.springframework.cloud.client.ServiceInstance;

/**
 * A node as discovery names it. Two members are the same node when name and address are equal; a node that came back
 * elsewhere is another member of the same name.
 *
 * @param serviceId id of the route
 * @param name unique within the route
 * @param uri scheme, host and port; no path
 * @param metadata {@link #WEIGHT}, {@link #GROUP} and {@link #LABEL}, where they are known
 */
public record Member(String serviceId, String name, URI uri, Map<String, String> metadata)
    implements
      ServiceInstance {
  /** Share of the requests relative to other nodes, a positive integer. */
  public static final String WEIGHT = "weight";
  /** Group of nodes, near to some networks. */
  public static final String GROUP = "group";
  /** What a user who may choose a node is shown. */
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
