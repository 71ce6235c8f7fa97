package dev.statecraft.peers.infinispan;

import org.infinispan.spring.common.provider.SpringCache;
import org.infinispan.spring.embedded.session.InfinispanEmbeddedSessionRepository;
import org.springframework.context.ApplicationEventPublisher;

/** Infinispan's repository with {@link SessionEventListener}. */
final class TolerantSessionRepository extends InfinispanEmbeddedSessionRepository {
  private final SessionEventListener listener;

  TolerantSessionRepository(SpringCache cache, ApplicationEventPublisher events) {
    super(cache);
    listener = new SessionEventListener(cache);
    listener.setApplicationEventPublisher(events);
    setApplicationEventPublisher(events);
  }

  @Override
  public void afterPropertiesSet() {
    listener.register();
  }

  @Override
  public void destroy() {
    listener.unregisterListener();
  }
}
