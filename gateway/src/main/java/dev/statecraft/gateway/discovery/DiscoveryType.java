package dev.statecraft.gateway.discovery;

/** The values of a route's {@code discovery} setting. */
public enum DiscoveryType {
  /** The nodes in the configuration, or in a file that is read again periodically. */
  STATIC,
  /** All addresses of a DNS name, such as that of a headless Service. */
  DNS,
  /** The ready addresses of a Kubernetes Service. */
  KUBERNETES
}
