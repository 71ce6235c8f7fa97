package dev.statecraft.gateway.affinity;

/** The assignment policies that {@code affinity} of a route may name. */
public enum Affinity {
  /** Any node serves any request. */
  NONE,
  /** At login the balancing rule assigns a node; a signed cookie keeps it. */
  LOGIN_COOKIE
}
