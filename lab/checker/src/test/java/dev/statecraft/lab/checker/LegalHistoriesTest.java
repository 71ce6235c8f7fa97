package dev.statecraft.lab.checker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.history.Operation.Call;
import org.junit.jupiter.api.Test;

/** Hand-written histories that only look like anomalies. */
class LegalHistoriesTest {
  private final Script script = new Script();

  @Test
  void emptyHistoryIsClean() {
    assertClean();
  }

  @Test
  void unknownWriteMayAppearLate() {
    script.login(0, 1);
    script.addUnknown("late", 2, 3);
    script.add("a", 4, 5);
    script.read(6, 7, "a");
    script.add("b", 8, 9);
    script.read(10, 11, "a", "b", "late");
    script.read(12, 13, "a", "b", "late");

    assertClean();
  }

  @Test
  void unknownWriteMayNeverAppear() {
    script.login(0, 1);
    script.addUnknown("never", 2, 3);
    script.read(4, 5);
    script.add("a", 6, 7);
    script.read(8, 9, "a");

    assertClean();
  }

  @Test
  void unknownWriteMayAppearWhileInFlight() {
    script.login(0, 1);
    script.by(1).addUnknown("a", 2, 100);
    script.by(2).read(4, 5, "a");
    script.by(2).read(6, 7, "a");

    assertClean();
  }

  @Test
  void conflictAndRetryShowItemOnce() {
    script.login(0, 1);
    script.addFailed("a", 409, 2, 3);
    script.add("a", 4, 5);
    script.read(6, 7, "a");

    assertClean();
  }

  @Test
  void repeatedUnknownWriteMayAppearTwice() {
    script.login(0, 1);
    script.addUnknown("a", 2, 3);
    script.add("a", 4, 5);
    script.read(6, 7, "a");
    script.add("b", 8, 9);
    script.read(10, 11, "a", "b", "a");

    assertClean();
  }

  @Test
  void rejectionAfterLogoutIsLegal() {
    script.login(0, 1);
    script.add("a", 2, 3);
    script.ok(Call.LOGOUT, 4, 5);
    script.unauthorized(Call.READ, 6, 7);

    assertClean();
  }

  @Test
  void rejectionAfterUnknownLogoutIsLegal() {
    script.login(0, 1);
    script.add("a", 2, 3);
    script.unknown(Call.LOGOUT, 4, 5);
    script.read(6, 7, "a");
    script.unauthorized(Call.READ, 8, 9);

    assertClean();
  }

  @Test
  void rejectionDuringLogoutIsLegal() {
    script.login(0, 1);
    script.add("a", 2, 3);
    script.by(1).ok(Call.LOGOUT, 5, 9);
    script.by(2).unauthorized(Call.READ, 4, 8);

    assertClean();
  }

  @Test
  void rejectionWithoutAnsweredLoginIsLegal() {
    script.unknown(Call.LOGIN, 0, 1);
    script.unauthorized(Call.READ, 2, 3);

    assertClean();
  }

  @Test
  void rejectionDuringLoginIsLegal() {
    script.by(1).login(0, 10);
    script.by(2).unauthorized(Call.READ, 2, 3);

    assertClean();
  }

  @Test
  void rejectionAfterUnknownRotationIsLegal() {
    script.login(0, 1);
    script.unknown(Call.ROTATE, 2, 3);
    script.unauthorized(Call.READ, 4, 5);

    assertClean();
  }

  @Test
  void rejectedReplacedIdIsLegal() {
    script.carrying(0).login(0, 1);
    script.carrying(0).ok(Call.ROTATE, 2, 3);
    script.carrying(0).unauthorized(Call.READ, 4, 5);
    script.carrying(1).read(6, 7);

    assertClean();
  }

  @Test
  void rejectionAfterTimeoutIsLegal() {
    script.timeout(100);
    script.login(0, 1);
    script.add("a", 2, 3);
    script.unauthorized(Call.READ, 101, 102);

    assertClean();
  }

  @Test
  void concurrentReadMayMissOrShowWrite() {
    script.login(0, 1);
    script.by(1).add("a", 2, 20);
    script.by(2).read(3, 19);
    script.by(3).read(3, 19, "a");
    script.by(2).read(21, 22, "a");

    assertClean();
  }

  @Test
  void readMayMissUnacknowledgedWrite() {
    script.login(0, 1);
    script.by(1).add("a", 2, 5);
    script.by(2).read(3, 9);

    assertClean();
  }

  @Test
  void readThatBeginsAtAcknowledgementIsConcurrent() {
    script.login(0, 1);
    script.by(1).add("a", 2, 5);
    script.by(2).read(5, 9);

    assertClean();
  }

  @Test
  void readDuringLogoutMayBeEmpty() {
    script.login(0, 1);
    script.add("a", 2, 3);
    script.add("b", 4, 5);
    script.by(1).ok(Call.LOGOUT, 6, 9);
    script.by(2).read(6, 10);

    assertClean();
  }

  @Test
  void secondLoginStartsEmptyCart() {
    script.login(0, 1);
    script.add("a", 2, 3);
    script.login(4, 5);
    script.read(6, 7);

    assertClean();
  }

  @Test
  void otherFailuresLoseNothing() {
    script.login(0, 1);
    script.add("a", 2, 3);
    script.addFailed("b", 413, 4, 5);
    script.unknown(Call.READ, 6, 7);
    script.read(8, 9, "a");

    assertClean();
  }

  private void assertClean() {
    assertThat(script.verdict().anomalies()).isEmpty();
    assertThat(script.verdict().lostItems()).isZero();
  }
}
