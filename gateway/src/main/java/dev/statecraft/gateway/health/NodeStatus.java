package dev.statecraft.gateway.health;

/** The state of one node as this gateway sees it. */
public enum NodeStatus {
  /** Not probed yet. */
  UNKNOWN,
  /** Takes requests. */
  AVAILABLE,
  /** Ejected after failed requests, until its back-off is over and a probe finds it ready. */
  EJECTED,
  /** Its readiness probe fails or is not answered. */
  UNREADY
}
