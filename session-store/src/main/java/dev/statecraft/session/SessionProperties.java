package dev.statecraft.session;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What every strategy shares. Each strategy's own settings stand in its own package, under its own name.
 *
 * @param strategy where session state lives
 * @param timeout how long a session may idle; whole seconds, one second to 30 days. Guarantee: clocks of nodes that
 * differ by less lose no session. Anomaly: it may expire earlier or later by as much as they differ, and where that is
 * more than this, each strategy loses sessions in its own way
 * @param attributeTypes the classes, by full name, that may be stored as session attributes besides strings, numbers
 * and booleans; nothing else is ever instantiated from stored or client-held bytes
 * @param keys the key ring, by key id: 32 bytes each, in Base64; shared by all nodes
 * @param activeKey id of the key that seals and signs; the others only open and verify; may be left out where there is
 * only one key
 */
@ConfigurationProperties("statecraft.session")
public record SessionProperties(
    @DefaultValue("affinity") SessionStrategy strategy, @DefaultValue("30m") Duration timeout,
    @DefaultValue List<String> attributeTypes, @DefaultValue Map<String, String> keys, @Nullable String activeKey) {

  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofDays(30);
  private static final int TOUCHES_PER_TIMEOUT = 20;

  public SessionProperties {
    if (timeout.compareTo(SHORTEST) < 0 || timeout.compareTo(LONGEST) > 0 || timeout.toNanosPart() != 0) {
      throw new InvalidSettingException(
          "statecraft.session.timeout",
          "is " + timeout,
          "a whole number of seconds from 1s to 30d");
    }
    attributeTypes = List.copyOf(attributeTypes);
    keys = Map.copyOf(keys);
  }

  /**
   * How old the recorded last access may grow before a mere read records it again. Reads would otherwise cost a write
   * each. A session that is only read can therefore end earlier by this much, a twentieth of its timeout.
   */
  public Duration touchAfter() {
    return timeout.dividedBy(TOUCHES_PER_TIMEOUT);
  }

  /** Never shows key material. */
  @Override
  public String toString() {
    return "SessionProperties[strategy=" + strategy + ", timeout=" + timeout + ", attributeTypes=" + attributeTypes
        + ", keys=" + keys.keySet() + ", activeKey=" + activeKey + "]";
  }
}
