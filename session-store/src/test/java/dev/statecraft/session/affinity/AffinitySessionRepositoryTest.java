package dev.statecraft.session.affinity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.statecraft.session.MovableTime;
import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.SessionStoreException.Reason;
import dev.statecraft.session.TestContext;
import dev.statecraft.session.attribute.AttributeCodec;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class AffinitySessionRepositoryTest {
  private static final Duration TIMEOUT = Duration.ofMinutes(10);

  private final MovableTime time = new MovableTime();
  private final AffinitySessionRepository repository = new AffinitySessionRepository(
      TestContext.of(TIMEOUT, new AttributeCodec(List.of()), time), 2);

  private String login() {
    AffinitySession session = repository.createSession();
    session.setAttribute("user", "ada");
    repository.save(session);
    return session.getId();
  }

  private AffinitySession find(String id) {
    AffinitySession session = Objects.requireNonNull(repository.findById(id));
    session.setLastAccessedTime(time.instant());
    return session;
  }

  @Test
  void fullNodeRejectsLoginAndEvictsNoSession() {
    String first = login();
    String second = login();
    AffinitySession third = repository.createSession();

    assertThatExceptionOfType(SessionStoreException.class)
        .isThrownBy(() -> repository.save(third))
        .matches(rejection -> rejection.reason() == Reason.UNAVAILABLE)
        .withMessageContaining("maximum of 2 sessions");
    repository.save(third);
    assertThat(repository.findById(third.getId())).isNull();
    assertThat(repository.findById(first)).isNotNull();
    assertThat(repository.findById(second)).isNotNull();
  }

  @Test
  void deletedSessionFreesCapacity() {
    for (int i = 0; i < 10; i++) {
      repository.deleteById(login());
    }
    assertThat(repository.size()).isZero();
    login();
    login();
    assertThat(repository.size()).isEqualTo(2);
  }

  @Test
  void fullNodeRemovesExpiredSessions() {
    String kept = login();
    login();
    time.pass(TIMEOUT.dividedBy(2));
    repository.save(find(kept));
    time.pass(TIMEOUT.dividedBy(2));

    String fresh = login();
    assertThat(repository.findById(kept)).isNotNull();
    assertThat(repository.findById(fresh)).isNotNull();
    assertThat(repository.size()).isEqualTo(2);
  }

  @Test
  void expiredSessionFreesCapacityOnce() {
    String expired = login();
    time.pass(TIMEOUT);
    assertThat(repository.findById(expired)).isNull();
    repository.deleteById(expired);
    assertThat(repository.size()).isZero();
    login();
    login();
    assertThatExceptionOfType(SessionStoreException.class).isThrownBy(this::login);
  }

  @Test
  void writeDuringRotationReachesSessionUnderNewId() {
    String before = login();
    AffinitySession write = find(before);
    write.setAttribute("cart", "apple");
    AffinitySession rotation = find(before);
    String after = rotation.changeSessionId();
    repository.save(rotation);
    repository.save(write);

    assertThat(repository.findById(before)).isNull();
    assertThat(find(after).<String>getAttribute("cart")).isEqualTo("apple");
  }

  @Test
  void rejectsSecondConcurrentRotation() {
    String before = login();
    AffinitySession first = find(before);
    AffinitySession second = find(before);
    String after = first.changeSessionId();
    String rejectedId = second.changeSessionId();
    repository.save(first);

    assertThatExceptionOfType(SessionStoreException.class)
        .isThrownBy(() -> repository.save(second))
        .matches(rejection -> rejection.reason() == Reason.CONFLICT);
    assertThat(repository.findById(after)).isNotNull();
    assertThat(repository.findById(rejectedId)).isNull();
    assertThat(repository.findById(before)).isNull();
    assertThat(repository.size()).isEqualTo(1);
  }

  @Test
  void olderLastAccessDoesNotReplaceNewerOne() {
    String id = login();
    AffinitySession slow = find(id);
    time.pass(TIMEOUT.dividedBy(2));
    repository.save(find(id));
    repository.save(slow);

    assertThat(Objects.requireNonNull(repository.findById(id)).getLastAccessedTime()).isEqualTo(time.instant());
  }
}
