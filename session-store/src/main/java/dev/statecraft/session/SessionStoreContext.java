package dev.statecraft.session;

import dev.statecraft.session.attribute.AttributeCodec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * What the repository of every strategy is given.
 *
 * @param timeout of new sessions
 * @param namespace of the application: two applications that share a Redis server or a key ring never open each other's
 * sessions
 * @param time the clock that decides when sessions expire
 * @param attributes decodes what was stored
 * @param events tells the application which sessions begin and end on this node
 */
public record SessionStoreContext(Duration timeout, String namespace, InstantSource time, AttributeReader attributes,
    SessionEvents events) {
  public AttributeCodec codec() {
    return attributes.codec();
  }

  public Instant now() {
    return time.instant();
  }
}
