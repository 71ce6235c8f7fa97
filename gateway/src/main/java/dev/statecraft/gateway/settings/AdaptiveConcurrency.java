package dev.statecraft.gateway.settings;

import dev.statecraft.gateway.resilience.AdaptiveLimit;
import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code adaptive-concurrency}: a limit of the attempts that wait for an answer of one node, which follows how fast the
 * node answers.
 *
 * @param initial limit of a new node
 * @param slow for {@code aimd}: an answer that takes longer lowers the limit
 */
public record AdaptiveConcurrency(@DefaultValue("off") AdaptiveLimit.Algorithm algorithm,
    @DefaultValue("20") int initial, @DefaultValue("4") int minimum, @DefaultValue("256") int maximum,
    @DefaultValue("1s") Duration slow) {
  /** Returns the bounds of a node's limit. */
  public AdaptiveLimit.Bounds bounds() {
    return new AdaptiveLimit.Bounds(algorithm, initial, minimum, maximum, slow);
  }

  /** Checks the settings, whose names begin with {@code at} in messages. */
  void check(String at) {
    SettingsCheck.require(minimum > 0, at + "minimum must be at least 1");
    SettingsCheck.require(initial >= minimum, at + "initial must be at least minimum, " + minimum);
    SettingsCheck.require(maximum >= initial, at + "maximum must be at least initial, " + initial);
    SettingsCheck.requirePositive(at + "slow", slow);
  }
}
