package dev.statecraft.session.contract;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ApplicationListener;
import org.springframework.session.Session;
import org.springframework.session.events.AbstractSessionEvent;

/** The session events that nodes published. Thread-safe. */
public final class RecordedEvents implements ApplicationEventPublisher, ApplicationListener<AbstractSessionEvent> {
  private final Queue<AbstractSessionEvent> events = new ConcurrentLinkedQueue<>();

  @Override
  public void publishEvent(Object event) {
    if (event instanceof AbstractSessionEvent ofSession) {
      events.add(ofSession);
    }
  }

  @Override
  public void onApplicationEvent(AbstractSessionEvent event) {
    events.add(event);
  }

  /** The events of several nodes until now. */
  static RecordedEvents of(List<RecordedEvents> nodes) {
    RecordedEvents all = new RecordedEvents();
    nodes.forEach(node -> all.events.addAll(node.events));
    return all;
  }

  /** Counts the events of a type whose session has this value of an attribute. */
  public long count(Class<? extends AbstractSessionEvent> type, String attribute, Object value) {
    return events.stream().filter(type::isInstance)
        .filter(event -> value.equals(event.<Session>getSession().getAttribute(attribute)))
        .count();
  }
}
