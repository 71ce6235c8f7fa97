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
 */
public record Member(String serviceId, String name, URI uri) implements ServiceInstance {
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
    return Map.of();
  }

  @Override
  public String getScheme() {
    return uri.getScheme();
  }
}
