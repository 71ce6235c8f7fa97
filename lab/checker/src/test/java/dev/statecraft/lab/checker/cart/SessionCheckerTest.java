package dev.statecraft.lab.checker.cart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.checker.Script;
import dev.statecraft.lab.checker.anomaly.Anomaly;
import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import dev.statecraft.lab.checker.linearizability.Linearizability;
import dev.statecraft.lab.checker.linearizability.Linearization;
import dev.statecraft.lab.history.Operation;
import dev.statecraft.lab.history.Operation.Call;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SessionCheckerTest {
  private final Script script = new Script();

  @Nested
  class Clients {
    @Test
    void readWithoutOwnWriteBreaksReadYourWrites() {
      script.login(0, 1);
      Operation own = script.by(1).add("a", 2, 3);
      Operation read = script.by(1).read(4, 5);
      script.by(2).read(6, 7, "a");

      assertThat(only(AnomalyKind.READ_YOUR_WRITES).operations()).containsExactly(own, read);
    }

    @Test
    void readWithoutAnotherTabsWriteBreaksNothing() {
      script.login(0, 1);
      script.by(1).add("a", 2, 3);
      script.by(2).read(4, 5);
      script.by(2).read(6, 7, "a");

      assertNone();
    }

    @Test
    void readWithoutEarlierItemBreaksMonotonicReads() {
      script.login(0, 1);
      script.by(1).add("a", 2, 3);
      Operation shown = script.by(2).read(4, 5, "a");
      Operation read = script.by(2).read(6, 7);
      script.by(2).read(8, 9, "a");

      assertThat(only(AnomalyKind.MONOTONIC_READS).operations()).containsExactly(shown, read);
    }

    @Test
    void itemsReadByAnotherTabMayBeMissing() {
      script.login(0, 1);
      script.by(1).addUnknown("a", 2, 3);
      script.by(2).read(4, 5, "a");
      script.by(3).read(6, 7);

      assertNone();
    }

    @Test
    void secondWriteBeforeFirstBreaksMonotonicWrites() {
      script.login(0, 1);
      Operation first = script.by(1).add("a", 2, 3);
      Operation second = script.by(1).add("b", 4, 5);
      Operation read = script.by(2).read(6, 7, "b", "a");
      script.by(2).read(8, 9, "b", "a");

      Anomaly anomaly = only(AnomalyKind.MONOTONIC_WRITES);
      assertThat(anomaly.item()).isEqualTo("a");
      assertThat(anomaly.operations()).containsExactly(first, second, read);
      assertThat(anomaly.explanation()).contains(" before it");
    }

    @Test
    void secondWriteWithoutFirstBreaksMonotonicWrites() {
      script.login(0, 1);
      script.by(1).add("a", 2, 3);
      script.by(1).addUnknown("b", 4, 5);
      script.by(2).read(6, 7, "b");
      script.by(2).read(8, 9, "a", "b");

      assertThat(only(AnomalyKind.MONOTONIC_WRITES).explanation()).contains("without");
    }

    @Test
    void writesOfTwoTabsHaveAnyOrder() {
      script.login(0, 1);
      script.by(1).add("a", 2, 3);
      script.by(2).add("b", 4, 5);
      script.by(3).read(6, 7, "b", "a");

      assertNone();
    }

    @Test
    void answerBeforeQuestionBreaksWritesFollowReads() {
      script.login(0, 1);
      script.by(1).add("question", 2, 3);
      Operation seen = script.by(2).read(4, 5, "question");
      Operation answer = script.by(2).add("answer", 6, 7);
      Operation read = script.by(3).read(8, 9, "answer", "question");

      assertThat(only(AnomalyKind.WRITES_FOLLOW_READS).operations()).containsExactly(seen, answer, read);
    }

    @Test
    void answerWithoutQuestionBreaksWritesFollowReads() {
      script.login(0, 1);
      script.by(1).addUnknown("question", 2, 3);
      script.by(2).read(4, 5, "question");
      script.by(2).add("answer", 6, 7);
      script.by(3).read(8, 9, "answer");

      only(AnomalyKind.WRITES_FOLLOW_READS);
    }

    @Test
    void lostSessionBreaksNothingAfterItsLoss() {
      script.login(0, 1);
      script.by(1).add("a", 2, 3);
      script.by(1).add("b", 4, 5);
      script.by(1).read(6, 7);
      script.by(1).read(8, 9);

      assertNone();
    }
  }

  @Nested
  class Updates {
    @Test
    void writeReplacedByConcurrentWriteIsLostUpdate() {
      script.login(0, 1);
      Operation lost = script.by(1).add("a", 2, 6);
      Operation winner = script.by(2).add("b", 3, 7);
      Operation read = script.by(3).read(8, 9, "b");

      assertThat(only(AnomalyKind.LOST_UPDATE).operations()).containsExactly(lost, winner, read);
    }

    @Test
    void lostWriteWithoutConcurrentWriteIsNoLostUpdate() {
      script.login(0, 1);
      script.by(1).add("a", 2, 3);
      script.by(2).add("b", 4, 5);
      script.by(3).read(6, 7, "b");

      assertNone();
    }

    @Test
    void bothWritesMissingIsNoLostUpdate() {
      script.login(0, 1);
      script.by(1).add("kept", 2, 3);
      script.by(1).add("a", 4, 7);
      script.by(2).addUnknown("b", 5, 6);
      script.by(3).read(8, 9, "kept");

      assertNone();
    }
  }

  @Nested
  class Ends {
    @Test
    void answerAfterLogoutIsResurrection() {
      script.login(0, 1);
      Operation logout = script.ok(Call.LOGOUT, 2, 3);
      Operation alive = script.ok(Call.SHOW, 4, 5);
      script.read(6, 7);

      assertThat(only(AnomalyKind.RESURRECTION).operations()).containsExactly(logout, alive);
    }

    @Test
    void concurrentLogoutSecondLogoutAndNewLoginAreLegal() {
      script.login(0, 1);
      script.by(1).ok(Call.LOGOUT, 2, 5);
      script.by(2).read(3, 7);
      script.by(1).ok(Call.LOGOUT, 8, 9);
      script.by(1).unauthorized(Call.READ, 10, 11);
      script.by(1).login(12, 13);
      script.by(1).read(14, 15);

      assertNone();
    }

    @Test
    void unknownLogoutProvesNothing() {
      script.login(0, 1);
      script.unknown(Call.LOGOUT, 2, 3);
      script.read(4, 5);

      assertNone();
    }

    @Test
    void acceptedOldIdIsSecondLiveId() {
      script.carrying(0).login(0, 1);
      Operation rotate = script.carrying(0).ok(Call.ROTATE, 2, 3);
      script.carrying(1).ok(Call.SHOW, 4, 5);
      Operation old = script.carrying(0).ok(Call.SHOW, 6, 7);

      assertThat(only(AnomalyKind.TWO_LIVE_IDS).operations()).containsExactly(rotate, old);
    }

    @Test
    void answersToReplacedIdsCountOnce() {
      script.carrying(0).login(0, 1);
      script.by(1).carrying(0).add("a", 2, 3);
      Operation rotate = script.by(1).carrying(0).ok(Call.ROTATE, 4, 5);
      script.by(1).carrying(1).add("b", 6, 7);
      Operation old = script.by(1).carrying(0).read(8, 9, "a");
      script.by(1).carrying(1).read(10, 11, "a", "b");

      assertThat(only(AnomalyKind.TWO_LIVE_IDS).operations()).containsExactly(rotate, old);
      assertThat(CartChecker.check(script.history()).anomalies()).isEmpty();
      assertThat(Linearizability.check(script.history(), Linearization.Bound.DEFAULT).anomalies()).isEmpty();
    }

    @Test
    void oldIdDuringRotationIsLegal() {
      script.carrying(0).login(0, 1);
      script.by(1).carrying(0).ok(Call.ROTATE, 2, 5);
      script.by(2).carrying(0).ok(Call.SHOW, 4, 7);
      script.by(1).carrying(1).ok(Call.SHOW, 8, 9);

      assertNone();
    }

    @Test
    void noLiveIdAnomalyWithoutGenerations() {
      script.login(0, 1);
      script.ok(Call.ROTATE, 2, 3);
      script.ok(Call.SHOW, 4, 5);

      assertNone();
    }

    @Test
    void answerAfterTimeoutIsAliveAfterExpiry() {
      script.timeout(100);
      script.login(0, 1);
      Operation last = script.ok(Call.SHOW, 50, 51);
      Operation alive = script.ok(Call.SHOW, 152, 153);

      assertThat(only(AnomalyKind.ALIVE_AFTER_EXPIRY).operations()).containsExactly(last, alive);
    }

    @Test
    void readOnlySessionMayExpireATwentiethEarly() {
      script.timeout(100);
      script.login(0, 1);
      script.ok(Call.SHOW, 50, 51);
      script.unauthorized(Call.SHOW, 144, 146);

      assertNone();
    }

    @Test
    void sessionMayExpireDuringCall() {
      script.timeout(100);
      script.login(0, 1);
      script.ok(Call.SHOW, 90, 110);
      script.unauthorized(Call.SHOW, 120, 121);

      assertThat(CartChecker.check(script.history()).anomalies()).isEmpty();
    }

    @Test
    void laterSuccessfulCallProvesSessionWasKept() {
      script.timeout(100);
      script.login(0, 1);
      script.ok(Call.SHOW, 90, 110);
      script.ok(Call.SHOW, 112, 113);
      script.unauthorized(Call.SHOW, 120, 121);

      assertThat(CartChecker.check(script.history()).anomalies()).hasSize(1);
    }

    @Test
    void earlierExpiryIsLostSession() {
      script.timeout(100);
      script.login(0, 1);
      script.ok(Call.SHOW, 50, 51);
      script.unauthorized(Call.SHOW, 143, 144);

      assertThat(CartChecker.check(script.history()).anomalies()).extracting(Anomaly::kind)
          .containsExactly(AnomalyKind.LOST_SESSION);
    }

    @Test
    void sessionInUseDoesNotExpire() {
      script.timeout(100);
      script.login(0, 1);
      script.ok(Call.SHOW, 90, 91);
      script.addFailed("a", 409, 180, 181);
      script.ok(Call.SHOW, 270, 271);

      assertNone();
    }

    @Test
    void unknownCallMayKeepSessionAlive() {
      script.timeout(100);
      script.login(0, 1);
      script.addUnknown("a", 10, 11);
      script.ok(Call.SHOW, 152, 153);

      assertNone();
    }
  }

  private Anomaly only(AnomalyKind kind) {
    List<Anomaly> anomalies = SessionChecker.check(script.history());
    assertThat(anomalies).extracting(Anomaly::kind).containsExactly(kind);
    return anomalies.getFirst();
  }

  private void assertNone() {
    assertThat(SessionChecker.check(script.history())).isEmpty();
  }
}
