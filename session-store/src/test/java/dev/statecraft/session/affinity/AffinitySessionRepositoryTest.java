package dev.statecraft.session.affinity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.statecraft.session.AttributeCodec;
import dev.statecraft.session.MovableTime;
import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.SessionStoreException.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class AffinitySessionRepositoryTest {
  private static final Duration TIMEOUT = Duration.ofMinutes(10);

  private final MovableTime time = new MovableTime();
  private final AffinitySessionRepository repository = new AffinitySessionRepository(TIMEOUT, 2,
      new AttributeCodec(List.of()), time);

  private String opened() {
    AffinitySession session = repository.createSession();
    session.setAttribute("user", "ada");
    repository.save(session);
    return session.getId();
  }

  private AffinitySession found(String id) {
    AffinitySession session = Objects.requireNonNull(repository.findById(id));
    session.setLastAccessedTime(time.instant());
    return session;
  }

  @Test
  void fullNodeRefusesALoginAndEvictsNobody() {
    String first = opened();
    String second = opened();
    AffinitySession third = repository.createSession();

    assertThatExceptionOfType(SessionStoreException.class)
        .isThrownBy(() -> repository.save(third))
        .matches(refusal -> refusal.reason() == Reason.UNAVAILABLE)
        .withMessageContaining("(2)");
    repository.save(third);
    assertThat(repository.findById(third.getId())).isNull();
    assertThat(repository.findById(first)).isNotNull();
    assertThat(repository.findById(second)).isNotNull();
  }

  @Test
  void placeOfAnEndedSessionIsFreeAgain() {
    for (int i = 0; i < 10; i++) {
      repository.deleteById(opened());
    }
    assertThat(repository.size()).isZero();
    opened();
    opened();
    assertThat(repository.size()).isEqualTo(2);
  }

  @Test
  void placesOfExpiredSessionsAreReclaimedWhenTheNodeIsFull() {
    String kept = opened();
    opened();
    time.pass(TIMEOUT.dividedBy(2));
    repository.save(found(kept));
    time.pass(TIMEOUT.dividedBy(2));

    String fresh = opened();
    assertThat(repository.findById(kept)).isNotNull();
    assertThat(repository.findById(fresh)).isNotNull();
    assertThat(repository.size()).isEqualTo(2);
  }

  @Test
  void expiredSessionThatIsAskedForFreesItsPlaceOnce() {
    String expired = opened();
    time.pass(TIMEOUT);
    assertThat(repository.findById(expired)).isNull();
    repository.deleteById(expired);
    assertThat(repository.size()).isZero();
    opened();
    opened();
    assertThatExceptionOfType(SessionStoreException.class).isThrownBy(this::opened);
  }

  @Test
  void writeThatRacesWithARotationReachesTheStateUnderItsNewId() {
    String before = opened();
    AffinitySession write = found(before);
    write.setAttribute("cart", "apple");
    AffinitySession rotation = found(before);
    String after = rotation.changeSessionId();
    repository.save(rotation);
    repository.save(write);

    assertThat(repository.findById(before)).isNull();
    assertThat(found(after).<String>getAttribute("cart")).isEqualTo("apple");
  }

  @Test
  void secondOfTwoConcurrentRotationsIsRefused() {
    String before = opened();
    AffinitySession first = found(before);
    AffinitySession second = found(before);
    String after = first.changeSessionId();
    String never = second.changeSessionId();
    repository.save(first);

    assertThatExceptionOfType(SessionStoreException.class)
        .isThrownBy(() -> repository.save(second))
        .matches(refusal -> refusal.reason() == Reason.CONFLICT);
    assertThat(repository.findById(after)).isNotNull();
    assertThat(repository.findById(never)).isNull();
    assertThat(repository.findById(before)).isNull();
    assertThat(repository.size()).isEqualTo(1);
  }

  @Test
  void olderLastAccessDoesNotTurnBackANewerOne() {
    String id = opened();
    AffinitySession slow = found(id);
    time.pass(TIMEOUT.dividedBy(2));
    repository.save(found(id));
    repository.save(slow);

    assertThat(Objects.requireNonNull(repository.findById(id)).getLastAccessedTime()).isEqualTo(time.instant());
  }
}
