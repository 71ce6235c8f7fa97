package dev.statecraft.lab.checker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.history.Operation.Call;
import org.junit.jupiter.api.Test;

/** Histories written by hand, each with something that only looks like an anomaly. */
class LegalHistoriesTest {
  private final Script script = new Script();

  @Test
  void anEmptyHistoryIsClean() {
    assertClean();
  }

  @Test
  void anUnknownWriteMayAppearLate() {
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
  void anUnknownWriteMayNeverAppear() {
    script.login(0, 1);
    script.addUnknown("never", 2, 3);
    script.read(4, 5);
    script.add("a", 6, 7);
    script.read(8, 9, "a");

    assertClean();
  }

  @Test
  void anUnknownWriteMayAppearWhileItIsUnderWay() {
    script.login(0, 1);
    script.by(1).addUnknown("a", 2, 100);
    script.by(2).read(4, 5, "a");
    script.by(2).read(6, 7, "a");

    assertClean();
  }

  @Test
  void aConflictThenARetryOfTheSameItemShowsItOnce() {
    script.login(0, 1);
    script.addFailed("a", 409, 2, 3);
    script.add("a", 4, 5);
    script.read(6, 7, "a");

    assertClean();
  }

  @Test
  void anUnknownWriteSentAgainMayShowTwiceAnywhere() {
    script.login(0, 1);
    script.addUnknown("a", 2, 3);
    script.add("a", 4, 5);
    script.read(6, 7, "a");
    script.add("b", 8, 9);
    script.read(10, 11, "a", "b", "a");

    assertClean();
  }

  @Test
  void a401AfterALogoutIsRight() {
    script.login(0, 1);
    script.add("a", 2, 3);
    script.ok(Call.LOGOUT, 4, 5);
    script.unauthorized(Call.READ, 6, 7);

    assertClean();
  }

  @Test
  void a401AfterALogoutOfUnknownOutcomeIsRight() {
    script.login(0, 1);
    script.add("a", 2, 3);
    script.unknown(Call.LOGOUT, 4, 5);
    script.read(6, 7, "a");
    script.unauthorized(Call.READ, 8, 9);

    assertClean();
  }

  @Test
  void a401DuringALogoutIsRight() {
    script.login(0, 1);
    script.add("a", 2, 3);
    script.by(1).ok(Call.LOGOUT, 5, 9);
    script.by(2).unauthorized(Call.READ, 4, 8);

    assertClean();
  }

  @Test
  void a401WithoutALoginThatWasAnsweredIsRight() {
    script.unknown(Call.LOGIN, 0, 1);
    script.unauthorized(Call.READ, 2, 3);

    assertClean();
  }

  @Test
  void a401DuringTheLoginIsRight() {
    script.by(1).login(0, 10);
    script.by(2).unauthorized(Call.READ, 2, 3);

    assertClean();
  }

  @Test
  void a401AfterARotationOfUnknownOutcomeIsRight() {
    script.login(0, 1);
    script.unknown(Call.ROTATE, 2, 3);
    script.unauthorized(Call.READ, 4, 5);

    assertClean();
  }

  @Test
  void a401ToTheIdThatARotationReplacedIsRight() {
    script.carrying(0).login(0, 1);
    script.carrying(0).ok(Call.ROTATE, 2, 3);
    script.carrying(0).unauthorized(Call.READ, 4, 5);
    script.carrying(1).read(6, 7);

    assertClean();
  }

  @Test
  void a401AfterTheTimeOutIsRight() {
    script.timeout(100);
    script.login(0, 1);
    script.add("a", 2, 3);
    script.unauthorized(Call.READ, 101, 102);

    assertClean();
  }

  @Test
  void concurrentReadsAndWritesMaySeeEachOtherOrNot() {
    script.login(0, 1);
    script.by(1).add("a", 2, 20);
    script.by(2).read(3, 19);
    script.by(3).read(3, 19, "a");
    script.by(2).read(21, 22, "a");

    assertClean();
  }

  @Test
  void aReadThatMissesAnUnacknowledgedWriteIsRight() {
    script.login(0, 1);
    script.by(1).add("a", 2, 5);
    script.by(2).read(3, 9);

    assertClean();
  }

  @Test
  void aReadThatBeginsAtTheInstantOfAnAcknowledgementIsConcurrent() {
    script.login(0, 1);
    script.by(1).add("a", 2, 5);
    script.by(2).read(5, 9);

    assertClean();
  }

  @Test
  void aReadDuringALogoutMayShowNothing() {
    script.login(0, 1);
    script.add("a", 2, 3);
    script.add("b", 4, 5);
    script.by(1).ok(Call.LOGOUT, 6, 9);
    script.by(2).read(6, 10);

    assertClean();
  }

  @Test
  void aLoginUnderTheSameNameBeginsAnEmptyCart() {
    script.login(0, 1);
    script.add("a", 2, 3);
    script.login(4, 5);
    script.read(6, 7);

    assertClean();
  }

  @Test
  void failuresThatAreNo401LoseNothing() {
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
