package dev.statecraft.lab.checker;

import dev.statecraft.lab.checker.guarantee.FaultEffects;
import dev.statecraft.lab.checker.guarantee.FaultEffects.Effect;
import java.time.Duration;
import java.util.Map;

/** The effects of the faults that these tests write into histories. */
final class TestFaults {
  private static final Map<String, FaultEffects> EFFECTS = Map.of(
      "kill", FaultEffects.of(Effect.ENDS_PROCESS),
      "pause", FaultEffects.of(Effect.UNREACHABLE),
      "wipe", FaultEffects.of(Effect.ENDS_PROCESS, Effect.WIPES_DISK),
      "wipe-all", FaultEffects.of(Effect.ENDS_PROCESS, Effect.WIPES_DISK),
      "redis-kill", FaultEffects.of(Effect.EMPTIES_STORE),
      "redis-failover", FaultEffects.of(Effect.FAILS_OVER_STORE),
      "clock", FaultEffects.ofClockError(Duration.ofMinutes(5)),
      "clock-far", FaultEffects.ofClockError(Duration.ofHours(1)));

  private TestFaults() {}

  static FaultEffects effects(String fault) {
    return EFFECTS.getOrDefault(fault, FaultEffects.NONE);
  }
}
