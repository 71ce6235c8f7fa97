package dev.statecraft.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.statecraft.session.attribute.AttributeCodec;
import dev.statecraft.session.attribute.StoredAttribute;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChangeTrackingSessionTest {
  private static final Duration TIMEOUT = Duration.ofMinutes(10);

  private final MovableTime time = new MovableTime();
  private final SessionStoreContext context = TestContext.of(TIMEOUT, new AttributeCodec(List.of()), time);
  private final TestSession stored = new TestSession(
      context, "stored-id", time.instant(), Map.of("a", attribute("1"), "b", attribute("2")));
  private final TestSession fresh = new TestSession(context);

  private static final class TestSession extends ChangeTrackingSession {
    TestSession(SessionStoreContext context) {
      super(context);
    }

    TestSession(SessionStoreContext context, String id, Instant created, Map<String, StoredAttribute> attributes) {
      super(context, id, created, created, TIMEOUT, attributes);
    }
  }

  private StoredAttribute attribute(Object value) {
    return context.codec().accept("any", value, null);
  }

  @Test
  void newSessionChangesStateUntilSavedOrRejected() {
    assertThat(fresh.changesState()).isTrue();
    assertThat(fresh.isUnsaved()).isTrue();

    fresh.discardChanges();

    assertThat(fresh.changesState()).isFalse();
    assertThat(fresh.isUnsaved()).isFalse();
  }

  @Test
  void newSessionIsStoredUnderItsLatestId() {
    String id = fresh.changeSessionId();

    assertThat(fresh.storedId()).isEqualTo(id);
    assertThat(fresh.changesId()).isFalse();
  }

  @Test
  void storedSessionKeepsStoredIdUntilSaved() {
    String id = stored.changeSessionId();
    assertThat(stored.storedId()).isEqualTo("stored-id");
    assertThat(stored.changesState()).isTrue();

    stored.markSaved();

    assertThat(stored.storedId()).isEqualTo(id);
    assertThat(stored.changesState()).isFalse();
  }

  @Test
  void discardRestoresStoredState() {
    stored.changeSessionId();
    stored.setMaxInactiveInterval(Duration.ofSeconds(1));
    stored.setAttribute("a", "changed");
    stored.removeAttribute("b");
    assertThat(stored.getAttributeNames()).containsExactly("a");

    stored.discardChanges();

    assertThat(stored.getId()).isEqualTo("stored-id");
    assertThat(stored.getMaxInactiveInterval()).isEqualTo(TIMEOUT);
    assertThat(stored.<String>getAttribute("a")).isEqualTo("1");
    assertThat(stored.getAttributeNames()).containsExactlyInAnyOrder("a", "b");
    assertThat(stored.changesState()).isFalse();
  }

  @Test
  void settingStoredTimeoutAgainIsAChange() {
    stored.setMaxInactiveInterval(TIMEOUT);

    assertThat(stored.changesState()).isTrue();
  }

  @Test
  void accessIsDueAfterPersistInterval() {
    stored.setLastAccessedTime(time.instant().plusSeconds(29));
    assertThat(stored.isAccessDue()).isFalse();

    stored.setLastAccessedTime(time.instant().plusSeconds(30));
    assertThat(stored.isAccessDue()).isTrue();
    assertThat(stored.changesState()).isFalse();

    stored.markSaved();
    assertThat(stored.isAccessDue()).isFalse();
  }

  @Test
  void shortTimeoutShortensPersistInterval() {
    stored.setMaxInactiveInterval(Duration.ofSeconds(20));
    stored.setLastAccessedTime(time.instant().plusSeconds(1));

    assertThat(stored.isAccessDue()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, -1800})
  void timeoutOfZeroOrLessNeverExpires(long seconds) {
    time.pass(TIMEOUT);
    assertThat(stored.isExpired()).isTrue();

    stored.setMaxInactiveInterval(Duration.ofSeconds(seconds));
    time.pass(Duration.ofDays(10_000));
    assertThat(stored.isExpired()).isFalse();
    assertThat(stored.getMaxInactiveInterval()).isNegative();
  }

  @Test
  void lastAccessNeverGoesBack() {
    stored.setLastAccessedTime(time.instant().minusSeconds(100));
    assertThat(stored.getLastAccessedTime()).isEqualTo(time.instant());
  }

  @Test
  void refusesTypeWhenItIsSet() {
    record NotAllowed(String name) {}

    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> stored.setAttribute("basket", List.of(new NotAllowed("x"))))
        .withMessageContaining("'basket'")
        .withMessageContaining(NotAllowed.class.getName())
        .withMessageContaining("attribute-types");
    assertThat(stored.changesState()).isFalse();
  }
}
