package dev.statecraft.session;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
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
 * Anomaly: a node that fails at that moment publishes nothing. Counts what it publishes. Thread-safe.
 */
public final class SessionEvents {
  private static final Logger log = LoggerFactory.getLogger(SessionEvents.class);

  private final ApplicationEventPublisher publisher;
  private final Counter created;
  private final Counter deleted;
  private final Counter expired;

  public SessionEvents(ApplicationEventPublisher publisher, MeterRegistry meters) {
    this.publisher = publisher;
    created = counter(meters, "created", "Sessions that began on this node");
    deleted = counter(meters, "deleted", "Sessions that a request ended on this node");
    expired = counter(meters, "expired", "Expired sessions that this node removed");
  }

  /** The unit is part of the exported name, because Prometheus reserves the suffix {@code _created}. */
  private static Counter counter(MeterRegistry meters, String event, String description) {
    return Counter.builder("statecraft.session." + event).baseUnit("sessions").description(description)
        .register(meters);
  }

  public void created(Session session) {
    created.increment();
    publish(new SessionCreatedEvent(this, session));
  }

  public void deleted(Session session) {
    deleted.increment();
    publish(new SessionDeletedEvent(this, session));
  }

  public void expired(Session session) {
    expired.increment();
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
