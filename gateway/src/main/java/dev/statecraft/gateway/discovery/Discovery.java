package dev.statecraft.gateway.discovery;

/** Where {@code discovery} of a route says that its nodes come from. */
public enum Discovery {
  /** The configuration, or a file that is read again when it changes. */
  STATIC,
  /** Every address of a DNS name, such as that of a headless Service. */
  DNS,
  /** A watch on the Endpoints of a Service. */
  KUBERNETES
}
