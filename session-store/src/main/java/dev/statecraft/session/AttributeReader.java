package dev.statecraft.session;

import dev.statecraft.session.SessionStoreException.Reason;
import dev.statecraft.session.attribute.AttributeCodec;
import dev.statecraft.session.attribute.StoredAttribute;
import dev.statecraft.session.attribute.UnreadableAttributeException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decodes the attributes of a session, with one policy for those that this node cannot read. Thread-safe. */
public final class AttributeReader {
  private static final Logger log = LoggerFactory.getLogger(AttributeReader.class);

  /** What happens to a session with an attribute that this node cannot read. */
  public enum UnreadablePolicy {
    /**
     * The session ends: its user logs in again. Guarantee: no user is stuck with an error. Anomaly: during a rolling
     * upgrade, a node that cannot read what a newer one wrote ends the session for both.
     */
    END_SESSION,
    /**
     * The application finds no such attribute. Guarantee: the session and its other attributes stay. Anomaly: if the
     * application sets the attribute again, the stored value is lost.
     */
    DROP_ATTRIBUTE,
    /**
     * The request is refused with 503. Guarantee: nothing is lost. Anomaly: if no node can read the attribute, its user
     * gets 503 until the session expires.
     */
    REFUSE
  }

  private final AttributeCodec codec;
  private final UnreadablePolicy policy;
  private final Counter unreadable;

  public AttributeReader(AttributeCodec codec, UnreadablePolicy policy, MeterRegistry meters) {
    this.codec = codec;
    this.policy = policy;
    unreadable = Counter
        .builder("statecraft.session.unreadable")
        .description("Stored session attributes that this node could not read")
        .register(meters);
  }

  public AttributeCodec codec() {
    return codec;
  }

  public UnreadablePolicy policy() {
    return policy;
  }

  /**
   * Counts a session that a store can read only as a whole, and cannot read. Returns if the session must end.
   *
   * @throws SessionStoreException if the policy is to refuse the request
   */
  public void rejectUnreadable(Exception cause) {
    unreadable.increment();
    log.warn("A session is unreadable; policy {}", policy, cause);
    if (policy == UnreadablePolicy.REFUSE) {
      throw new SessionStoreException(Reason.UNREADABLE, "This node cannot read the session", cause);
    }
  }

  /**
   * Decodes the attributes of one session.
   *
   * @return empty if the session must end
   * @throws SessionStoreException if the policy is to refuse the request
   */
  public Optional<Map<String, StoredAttribute>> read(Map<String, byte[]> encoded) {
    Map<String, StoredAttribute> attributes = HashMap.newHashMap(encoded.size());
    for (Map.Entry<String, byte[]> attribute : encoded.entrySet()) {
      try {
        attributes.put(attribute.getKey(), codec.decode(attribute.getValue()));
      } catch (UnreadableAttributeException e) {
        unreadable.increment();
        log.warn("Session attribute '{}' is unreadable; policy {}: {}", attribute.getKey(), policy, e.getMessage());
        switch (policy) {
          case END_SESSION -> {
            return Optional.empty();
          }
          case DROP_ATTRIBUTE -> {
          }
          case REFUSE -> throw new SessionStoreException(Reason.UNREADABLE,
              "This node cannot read the attribute '" + attribute.getKey() + "' of the session", e);
        }
      }
    }
    return Optional.of(attributes);
  }
}
