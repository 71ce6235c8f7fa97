package dev.statecraft.gateway.health;

import java.time.Duration;

/**
 * How a node that joins or returns gets its share of requests back: its caches are cold and its code is not compiled
 * yet.
 *
 * @param length until the node takes its full share; zero for at once
 * @param onFirstAdmission whether the first admission is slow too, as for a node that joins nodes that already serve
 */
public record SlowStart(Duration length, boolean onFirstAdmission) {
  /** Full share at once. */
  public static final SlowStart NONE = new SlowStart(Duration.ZERO, false);
}
