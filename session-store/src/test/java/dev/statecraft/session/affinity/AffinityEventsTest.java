package dev.statecraft.session.affinity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.session.AttributeReader.UnreadablePolicy;
import dev.statecraft.session.MovableTime;
import dev.statecraft.session.TestContext;
import dev.statecraft.session.attribute.AttributeCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.session.events.AbstractSessionEvent;

class AffinityEventsTest {
  private static final Duration TIMEOUT = Duration.ofMinutes(10);

  private final MovableTime time = new MovableTime();
  private final List<String> events = new ArrayList<>();
  private final AffinitySessionRepository repository = repository(event -> {
    AbstractSessionEvent of = (AbstractSessionEvent) event;
    events.add(of.getClass().getSimpleName() + " of " + of.<AffinitySession>getSession().getAttribute("user"));
  });

  private AffinitySessionRepository repository(ApplicationEventPublisher listener) {
    return new AffinitySessionRepository(
        TestContext.of(TIMEOUT, new AttributeCodec(List.of()), time, UnreadablePolicy.END_SESSION, listener), 10);
  }

  private static String login(AffinitySessionRepository sessions) {
    AffinitySession session = sessions.createSession();
    session.setAttribute("user", "ada");
    sessions.save(session);
    sessions.save(session);
    return session.getId();
  }

  @Test
  void reportsLogoutOnce() {
    String id = login(repository);
    repository.deleteById(id);
    repository.deleteById(id);

    assertThat(events).containsExactly("SessionCreatedEvent of ada", "SessionDeletedEvent of ada");
  }

  @Test
  void reportsExpiryWithoutRequest() {
    login(repository);
    time.pass(TIMEOUT);
    repository.removeExpired();
    repository.removeExpired();

    assertThat(events).containsExactly("SessionCreatedEvent of ada", "SessionExpiredEvent of ada");
    assertThat(repository.size()).isZero();
  }

  @Test
  void failingListenerChangesNothing() {
    AffinitySessionRepository watched = repository(_ -> {
      throw new IllegalStateException("a bug of the application");
    });

    assertThat(watched.findById(login(watched))).isNotNull();
  }
}
