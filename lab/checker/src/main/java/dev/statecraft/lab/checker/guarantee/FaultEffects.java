package dev.statecraft.lab.checker.guarantee;

import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The effects of a fault on which a guarantee may depend. The caller of the checker declares them for each fault; the
 * checker knows no fault by name.
 *
 * @param clockError the largest error of the target's clock, ahead or behind; zero if the clock stays right
 */
public record FaultEffects(Set<Effect> effects, Duration clockError) {
  /** Excuses nothing. */
  public static final FaultEffects NONE = of();

  public enum Effect {
    /** The target's process ends and loses its memory. */
    ENDS_PROCESS,
    /** While the fault lasts, no other process can tell whether the target is alive. */
    UNREACHABLE,
    /** The target's disk is wiped. */
    WIPES_DISK,
    /** The shared store loses its content. */
    EMPTIES_STORE,
    /** A replica replaces the primary of the shared store; writes that were not replicated are lost. */
    FAILS_OVER_STORE
  }

  public FaultEffects {
    effects = Set.copyOf(effects);
  }

  /** Makes the effects of a fault that changes no clock. */
  public static FaultEffects of(Effect... effects) {
    return new FaultEffects(Set.of(effects), Duration.ZERO);
  }

  /** Makes the effects of a fault that only changes its target's clock. */
  public static FaultEffects ofClockError(Duration error) {
    return new FaultEffects(Set.of(), error);
  }

  boolean hasAny(Effect... wanted) {
    return Stream.of(wanted).anyMatch(effects::contains);
  }
}
