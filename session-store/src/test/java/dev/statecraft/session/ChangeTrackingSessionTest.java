package dev.statecraft.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.session.contract.MovableTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ChangeTrackingSessionTest {
  private static final Duration TIMEOUT = Duration.ofMinutes(10);

  private final MovableTime time = new MovableTime();
  private final TestSession stored = new TestSession(time, "stored-id", time.instant());
  private final TestSession fresh = new TestSession(time);

  private static final class TestSession extends ChangeTrackingSession {
    private final Map<String, Object> attributes = Map.of("a", "1", "b", "2");

    TestSession(InstantSource time) {
      super(time, TIMEOUT);
    }

    TestSession(InstantSource time, String id, Instant created) {
      super(time, id, created, created, TIMEOUT);
    }

    @Override
    protected @Nullable Object storedAttribute(String name) {
      return attributes.get(name);
    }

    @Override
    protected Set<String> storedAttributeNames() {
      return attributes.keySet();
    }
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
    Duration interval = Duration.ofSeconds(30);
    stored.setLastAccessedTime(time.instant().plusSeconds(29));
    assertThat(stored.isAccessDue(interval)).isFalse();

    stored.setLastAccessedTime(time.instant().plusSeconds(30));
    assertThat(stored.isAccessDue(interval)).isTrue();
    assertThat(stored.changesState()).isFalse();

    stored.markSaved();
    assertThat(stored.isAccessDue(Duration.ZERO)).isFalse();
  }

  @Test
  void expiresAtTimeoutUnlessNegative() {
    time.pass(TIMEOUT);
    assertThat(stored.isExpired()).isTrue();

    stored.setMaxInactiveInterval(Duration.ofSeconds(-1));
    assertThat(stored.isExpired()).isFalse();
  }
}
