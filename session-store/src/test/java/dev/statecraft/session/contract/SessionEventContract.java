package dev.statecraft.session.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.statecraft.session.ContractClause;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.session.events.AbstractSessionEvent;
import org.springframework.session.events.SessionCreatedEvent;
import org.springframework.session.events.SessionDeletedEvent;
import org.springframework.session.events.SessionExpiredEvent;

/** The contract tests of the events that a strategy publishes. */
abstract class SessionEventContract extends ContractFixture {
  private static final Duration SHORT_TIMEOUT = Duration.ofSeconds(1);
  /** Longer than the interval at which any store looks for expired sessions. */
  private static final Duration REPORT_TIMEOUT = Duration.ofMinutes(1);
  private static final String USER = "user";

  @Test
  void reportsCreationDeletionAndExpiry() {
    String loggedOut = "ada " + UUID.randomUUID();
    String idle = "bob " + UUID.randomUUID();
    begin(createSession(USER, loggedOut)).logOut();
    TestRequest<?> login = open().set(USER, idle);
    login.session().setMaxInactiveInterval(SHORT_TIMEOUT);
    String token = login.finish();
    cluster().pass(SHORT_TIMEOUT);
    if (!meets(ContractClause.REPORTS_EXPIRY)) {
      await().atMost(REPORT_TIMEOUT).until(() -> findsNothing(token));
      cluster().removeExpired();
      verifyClause(ContractClause.REPORTS_EXPIRY, count(SessionExpiredEvent.class, idle) > 0);
      return;
    }

    // No request asks for the session, so the node itself must find that it has expired.
    await().atMost(REPORT_TIMEOUT).untilAsserted(() -> {
      cluster().removeExpired();
      verifyClause(ContractClause.REPORTS_EXPIRY, count(SessionExpiredEvent.class, idle) > 0);
      assertThat(count(SessionCreatedEvent.class, idle)).as("creation").isPositive();
      assertThat(count(SessionCreatedEvent.class, loggedOut)).as("creation").isPositive();
      assertThat(count(SessionDeletedEvent.class, loggedOut)).as("deletion").isPositive();
    });
    assertThat(count(SessionExpiredEvent.class, loggedOut)).as("expiry of a deleted session").isZero();
    assertThat(count(SessionDeletedEvent.class, idle)).as("deletion of an expired session").isZero();
  }

  private long count(Class<? extends AbstractSessionEvent> type, String user) {
    return cluster().events().count(type, USER, user);
  }
}
