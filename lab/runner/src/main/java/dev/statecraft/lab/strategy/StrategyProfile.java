package dev.statecraft.lab.strategy;

/**
 * General properties of a strategy, for reports.
 *
 * @param hue the colour of the report's style sheet; {@code other} has one
 * @param location the end of "State is stored ..."
 */
public record StrategyProfile(String hue, String location, String chooseWhen, String notWhen) {
  private static final String OTHER_HUE = "other";
  private static final StrategyProfile UNKNOWN = new StrategyProfile("", "", "");

  /** Makes the profile of a strategy without a colour of its own. */
  public StrategyProfile(String location, String chooseWhen, String notWhen) {
    this(OTHER_HUE, location, chooseWhen, notWhen);
  }

  /** The profile of the strategy of that name in a result, which may be unknown here. */
  public static StrategyProfile of(String strategy) {
    return SessionStrategies.named(strategy).map(SessionStrategy::profile).orElse(UNKNOWN);
  }

  /** Whether this version knows the strategy. */
  public boolean known() {
    return !location.isEmpty();
  }
}
