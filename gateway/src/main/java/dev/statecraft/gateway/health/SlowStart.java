package dev.statecraft.gateway.health;

import java.time.Duration;

/**
 * How a node that joins, or comes back, is eased in: its caches are cold, and its code is not yet compiled.
 *
 * @param length until it takes its full share; zero for at once
 * @param atFirst whether the first admission is eased too, as for a node that joins others which serve already
 */
public record SlowStart(Duration length, boolean atFirst) {
  /** Full share at once. */
  public static final SlowStart NONE = new SlowStart(Duration.ZERO, false);
}
