package dev.statecraft.lab.checker.guarantee;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What a fault does, as far as a guarantee depends on it. The injector of the faults says so for each; the checker
 * knows no fault by its name.
 *
 * @param clockError how far its target's clock goes wrong, ahead and behind; zero where it does not
 */
public record FaultEffects(Set<Effect> effects, Duration clockError) {
  /** Excuses nothing. */
  public static final FaultEffects NONE = of();

  /** An effect. */
  public enum Effect {
    /** The target's process ends, and with it what it held in memory. */
    ENDS_PROCESS,
    /** While the fault lasts, no other process can tell whether the target is alive. */
    UNREACHABLE,
    /** The target's disk is taken away. */
    WIPES_DISK,
    /** The store that all nodes share comes back empty. */
    EMPTIES_STORE,
    /** A replica takes the place of the shared store's primary: what was not replicated is lost. */
    FAILS_OVER_STORE
  }

  public FaultEffects {
    effects = Set.copyOf(effects);
  }

  /** A fault with these effects that leaves every clock right. */
  public static FaultEffects of(Effect... effects) {
    return new FaultEffects(Set.of(effects), Duration.ZERO);
  }

  /** A fault that makes its target's clock wrong, and nothing else. */
  public static FaultEffects ofClockError(Duration error) {
    return new FaultEffects(Set.of(), error);
  }

  boolean hasAny(Effect... wanted) {
    return List.of(wanted).stream().anyMatch(effects::contains);
  }
}
