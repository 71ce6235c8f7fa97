package dev.statecraft.peers.infinispan;

import org.infinispan.notifications.Listener;
import org.infinispan.notifications.Listener.Observation;
import org.infinispan.notifications.cachelistener.annotation.CacheEntryCreated;
import org.infinispan.notifications.cachelistener.annotation.CacheEntryExpired;
import org.infinispan.notifications.cachelistener.annotation.CacheEntryRemoved;
import org.infinispan.notifications.cachelistener.event.CacheEntryCreatedEvent;
import org.infinispan.notifications.cachelistener.event.CacheEntryExpiredEvent;
import org.infinispan.notifications.cachelistener.event.CacheEntryRemovedEvent;
import org.infinispan.spring.common.provider.SpringCache;
import org.infinispan.spring.embedded.session.EmbeddedApplicationPublishedBridge;

/**
 * Infinispan's listener, which publishes session events, except for entries that are already gone: when members change,
 * Infinispan repeats an operation whose first attempt took effect, and reports the repetition without the session.
 * Infinispan's own listener then fails, and the operation with it.
 */
@Listener(observation = Observation.POST, clustered = true)
@SuppressWarnings("rawtypes") // as in Infinispan's listener
public final class SessionEventListener extends EmbeddedApplicationPublishedBridge {
  SessionEventListener(SpringCache cache) {
    super(cache);
  }

  void register() {
    registerListener();
  }

  @Override
  @CacheEntryCreated
  public void processCacheEntryCreated(CacheEntryCreatedEvent event) {
    if (event.getValue() != null) {
      super.processCacheEntryCreated(event);
    }
  }

  @Override
  @CacheEntryExpired
  public void processCacheEntryExpired(CacheEntryExpiredEvent event) {
    if (event.getValue() != null) {
      super.processCacheEntryExpired(event);
    }
  }

  @Override
  @CacheEntryRemoved
  public void processCacheEntryDestroyed(CacheEntryRemovedEvent event) {
    if (event.getOldValue() != null) {
      super.processCacheEntryDestroyed(event);
    }
  }
}
