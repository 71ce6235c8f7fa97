package dev.statecraft.session;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.session.Session;
import org.springframework.session.events.AbstractSessionEvent;
import org.springframework.session.events.SessionCreatedEvent;
import org.springframework.session.events.SessionDeletedEvent;
import org.springframework.session.events.SessionExpiredEvent;

/**
 * Publishes Spring Session's events, which also reach each {@code HttpSessionListener}. Guarantee: an event is
 * published on at most one node: the one that created or deleted the session, or that removed it after it had expired.
 * Anomaly: a node that fails at that moment publishes nothing. Thread-safe.
 */
public final class SessionEvents {
  private static final Logger log = LoggerFactory.getLogger(SessionEvents.class);

  private final ApplicationEventPublisher publisher;

  public SessionEvents(ApplicationEventPublisher publisher) {
    this.publisher = publisher;
  }

  public void created(Session session) {
    publish(new SessionCreatedEvent(this, session));
  }

  public void deleted(Session session) {
    publish(new SessionDeletedEvent(this, session));
  }

  public void expired(Session session) {
    publish(new SessionExpiredEvent(this, session));
  }

  /** The store has done its work already, so a listener that fails changes nothing. */
  private void publish(AbstractSessionEvent event) {
    try {
      publisher.publishEvent(event);
    } catch (RuntimeException e) {
      log.error("A listener failed for {}", event.getClass().getSimpleName(), e);
    }
  }
}
