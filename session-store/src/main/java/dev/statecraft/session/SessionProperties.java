package dev.statecraft.session;

import dev.statecraft.session.AttributeReader.UnreadablePolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings that all strategies share. The settings of one strategy are in its own package, below its own prefix.
 *
 * @param strategy where session state lives
 * @param timeout how long a session may be idle, in whole seconds: 1 s to 30 days; if it is not set, Spring Boot's
 * {@code spring.session.timeout} and then {@code server.servlet.session.timeout} say so. Guarantee: if the clocks of
 * nodes differ by less than the timeout, no session is lost. Anomaly: a session may expire earlier or later by the
 * difference of the clocks; if it exceeds the timeout, sessions are lost
 * @param attributeTypes what may be stored as session attributes, besides value types and collections of the JDK and
 * the types of Spring Security: full names of classes, packages as {@code com.acme.shop.*}, and annotations as
 * {@code @com.acme.Storable}. No other class is ever instantiated from stored or client-held bytes
 * @param unreadableAttributes what happens to a session with an attribute that this node cannot read
 * @param namespace separates the sessions of applications that share a Redis server or a key ring; by default
 * {@code spring.application.name}
 * @param keys the key ring, by key id: at least 32 bytes each, in Base64. All nodes need the same keys
 * @param activeKey id of the key that encrypts and signs; the other keys only decrypt and verify. Optional if there is
 * only one key
 */
@ConfigurationProperties("statecraft.session")
public record SessionProperties(
    @DefaultValue("affinity") SessionStrategy strategy, @Nullable Duration timeout,
    @DefaultValue List<String> attributeTypes, @DefaultValue("end-session") UnreadablePolicy unreadableAttributes,
    @Nullable String namespace, @DefaultValue Map<String, String> keys, @Nullable String activeKey) {

  public SessionProperties {
    attributeTypes = List.copyOf(attributeTypes);
    keys = Map.copyOf(keys);
  }

  /** Contains no key material. */
  @Override
  public String toString() {
    return "SessionProperties[strategy=" + strategy + ", timeout=" + timeout + ", attributeTypes=" + attributeTypes
        + ", unreadableAttributes=" + unreadableAttributes + ", namespace=" + namespace
        + ", keys=" + keys.keySet() + ", activeKey=" + activeKey + "]";
  }
}
