package dev.statecraft.gateway.settings;

import dev.statecraft.gateway.health.OutlierRule;
import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code outlier}: ejection of a node that fails a larger share of its requests than the other nodes.
 *
 * @param failurePercent minimum percentage of failed requests; 0 for no such ejection
 * @param deviations by how many standard errors the percentage must exceed that of the other nodes together
 * @param interval time whose requests are compared
 * @param minimumRequests of a node in the interval
 * @param minimumNodes with so many requests
 * @param maximumEjectedPercent of the nodes, by this ejection
 * @param ejectionTime the first time; each further time lasts twice as long
 */
public record Outlier(@DefaultValue("10") int failurePercent, @DefaultValue("3") double deviations,
    @DefaultValue("5s") Duration interval, @DefaultValue("50") int minimumRequests, @DefaultValue("2") int minimumNodes,
    @DefaultValue("50") int maximumEjectedPercent, @DefaultValue("10s") Duration ejectionTime) {
  private static final int MAX_EJECTED_PERCENT = 50;

  /** Returns the rule. */
  public OutlierRule rule() {
    return failurePercent == 0
        ? OutlierRule.OFF
        : new OutlierRule(interval, minimumNodes, minimumRequests, failurePercent / 100.0, deviations,
            maximumEjectedPercent / 100.0, ejectionTime);
  }

  /** Checks the settings, whose names begin with {@code at} in messages. */
  void check(String at) {
    SettingsCheck.require(failurePercent >= 0 && failurePercent <= 100, at + "failure-percent must be from 0 to 100");
    SettingsCheck.require(deviations > 0 && deviations <= 100, at + "deviations must be more than 0 and at most 100");
    SettingsCheck.requirePositive(at + "interval", interval);
    SettingsCheck.require(minimumRequests > 0, at + "minimum-requests must be at least 1");
    SettingsCheck.require(minimumNodes > 1, at + "minimum-nodes must be at least 2");
    SettingsCheck.require(maximumEjectedPercent > 0 && maximumEjectedPercent <= MAX_EJECTED_PERCENT,
        at + "maximum-ejected-percent must be from 1 to " + MAX_EJECTED_PERCENT);
    SettingsCheck.requirePositive(at + "ejection-time", ejectionTime);
  }
}
