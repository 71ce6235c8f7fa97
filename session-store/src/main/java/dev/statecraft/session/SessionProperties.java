package dev.statecraft.session;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings that all strategies share. The settings of one strategy are in its own package, below its own prefix.
 *
 * @param strategy name of the {@link SessionStrategy}: where session state lives
 * @param timeout how long a session may be idle, in whole seconds: 1 s to 30 days. Guarantee: if the clocks of nodes
 * differ by less than the timeout, no session is lost. Anomaly: a session may expire earlier or later by the difference
 * of the clocks; if it exceeds the timeout, sessions are lost
 * @param attributeTypes full names of the classes that may be stored as session attributes, besides strings, numbers,
 * booleans, UUIDs, instants and durations. No other class is ever instantiated from stored or client-held bytes
 * @param keys the key ring, by key id: at least 32 bytes each, in Base64. All nodes need the same keys
 * @param activeKey id of the key that encrypts and signs; the other keys only decrypt and verify. Optional if there is
 * only one key
 */
@ConfigurationProperties("statecraft.session")
public record SessionProperties(
    @DefaultValue(SessionStrategies.DEFAULT) String strategy, @DefaultValue("30m") Duration timeout,
    @DefaultValue List<String> attributeTypes, @DefaultValue Map<String, String> keys, @Nullable String activeKey) {

  private static final Duration MIN_TIMEOUT = Duration.ofSeconds(1);
  private static final Duration MAX_TIMEOUT = Duration.ofDays(30);
  private static final int PERSISTS_PER_TIMEOUT = 20;

  public SessionProperties {
    if (timeout.compareTo(MIN_TIMEOUT) < 0 || timeout.compareTo(MAX_TIMEOUT) > 0 || timeout.toNanosPart() != 0) {
      throw new InvalidSettingException(
          "statecraft.session.timeout",
          "is " + timeout,
          "a whole number of seconds from 1s to 30d");
    }
    attributeTypes = List.copyOf(attributeTypes);
    keys = Map.copyOf(keys);
  }

  /**
   * How old the stored last access must be before a read stores it again: a twentieth of the timeout. Otherwise each
   * read would cost a write. In exchange a session that is only read can expire earlier by this interval.
   */
  public Duration lastAccessPersistInterval() {
    return timeout.dividedBy(PERSISTS_PER_TIMEOUT);
  }

  /** Contains no key material. */
  @Override
  public String toString() {
    return "SessionProperties[strategy=" + strategy + ", timeout=" + timeout + ", attributeTypes=" + attributeTypes
        + ", keys=" + keys.keySet() + ", activeKey=" + activeKey + "]";
  }
}
