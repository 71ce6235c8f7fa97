package dev.statecraft.lab.checker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.checker.anomaly.Anomaly;
import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import dev.statecraft.lab.checker.linearizability.Linearization.Bound;
import dev.statecraft.lab.history.Operation.Call;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GuaranteesTest {
  private static final Bound AMPLE = Bound.ofSteps(100_000);

  @Test
  void killedOwnerLosesItsSessionsAsAffinityDocuments() {
    Script script = new Script("affinity", null);
    script.at("node-2").login(0, 1);
    script.add("a", 2, 3);
    script.fault("kill", "node-2", 5, 40);
    script.at("node-1").unauthorized(Call.READ, 10, 11);

    GuaranteeResult judgement = judge(script);
    assertThat(judgement.kept()).isTrue();
    assertThat(judgement.verdict().count(AnomalyKind.LOST_SESSION)).isEqualTo(1);
    assertThat(judgement.verdict().lostItems()).isEqualTo(1);
    assertThat(judgement.documented()).hasSize(1);
    assertThat(judgement.allowedFields()).containsExactly("lostSessions", "lostItems");
  }

  @Test
  void affinityMayNotLoseASessionOfANodeThatLives() {
    Script script = new Script("affinity", null);
    script.at("node-1").login(0, 1);
    script.fault("kill", "node-2", 5, 40);
    script.at("node-1").unauthorized(Call.READ, 10, 11);

    GuaranteeResult judgement = judge(script);
    assertThat(judgement.kept()).isFalse();
    assertThat(judgement.broken()).hasSize(1);
    assertThat(judgement.allowedFields()).isEmpty();
  }

  @Test
  void affinityMayLoseASessionThatHadMovedToTheNodeThatIsKilled() {
    Script script = new Script("affinity", null);
    script.at("node-1").login(0, 1);
    script.at("node-2").read(2, 3);
    script.fault("kill", "node-2", 5, 40);
    script.at("node-1").unauthorized(Call.READ, 10, 11);

    assertThat(judge(script).kept()).isTrue();
  }

  @Test
  void affinityMayNotLoseASessionThatHadMovedAwayFromTheNodeThatIsKilled() {
    Script script = new Script("affinity", null);
    script.at("node-2").login(0, 1);
    script.at("node-1").read(2, 3);
    script.fault("kill", "node-2", 5, 40);
    script.at("node-1").unauthorized(Call.READ, 10, 11);

    assertThat(judge(script).kept()).isFalse();
  }

  @Test
  void affinityMayNotLoseASessionBeforeItsOwnerIsKilled() {
    Script script = new Script("affinity", null);
    script.at("node-2").login(0, 1);
    script.at("node-2").unauthorized(Call.READ, 3, 4);
    script.fault("kill", "node-2", 5, 40);

    assertThat(judge(script).kept()).isFalse();
  }

  @Test
  void affinityMayNotLoseASessionThatWasOpenedAfterItsOwnerCameBack() {
    Script script = new Script("affinity", null);
    script.fault("kill", "node-2", 5, 40);
    script.at("node-2").login(50, 51);
    script.at("node-2").unauthorized(Call.READ, 60, 61);

    assertThat(judge(script).kept()).isFalse();
  }

  @Test
  void affinityMayNotLoseASessionOfANodeThatPausedForAMoment() {
    Script script = new Script("affinity", null);
    script.at("node-2").login(0, 1);
    script.fault("pause", "node-2", 5, 40);
    script.at("node-1").unauthorized(Call.READ, 10, 11);

    assertThat(judge(script).kept()).isFalse();
  }

  @Test
  void affinityMayLoseASessionOfANodeThatWasSilentLongEnoughToPassForDead() {
    Script script = new Script("affinity", null);
    script.at("node-2").login(0, 1);
    script.fault("pause", "node-2", 5, 2_100);
    script.at("node-1").unauthorized(Call.READ, 10, 11);

    assertThat(judge(script).kept()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"affinity", "redis", "cookie", "replicated"})
  void aClockThatIsWrongByLessThanASessionMayIdleExcusesNoLoss(String strategy) {
    Script script = new Script(strategy, null);
    script.at("node-2").login(0, 1);
    script.fault("clock", "node-2", 5, 40);
    script.at("node-2").unauthorized(Call.READ, 10, 11);

    assertThat(judge(script).kept()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"affinity", "redis", "cookie", "replicated"})
  void aNodeWhoseClockIsWrongByMoreTakesSessionsForExpired(String strategy) {
    Script script = new Script(strategy, null);
    script.at("node-2").login(0, 1);
    script.fault("clock-far", "node-2", 5, 40);
    script.at("node-2").unauthorized(Call.READ, 10, 11);

    assertThat(judge(script).kept()).isTrue();
  }

  @Test
  void whatIsFarForAClockDependsOnTheTimeOut() {
    Script script = new Script("cookie", null).timeout(120_000);
    script.at("node-2").login(0, 1);
    script.fault("clock", "node-2", 5, 40);
    script.at("node-2").unauthorized(Call.READ, 10, 11);

    assertThat(judge(script).kept()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"affinity, false", "redis, false", "cookie, false", "replicated, true"})
  void onlyWhereOneClockDecidesForAllMayAWrongOneEndWhatItsNodeDidNotMeet(String strategy, boolean allowed) {
    Script script = new Script(strategy, null);
    script.at("node-1").login(0, 1);
    script.fault("clock-far", "node-2", 5, 40);
    script.at("node-1").unauthorized(Call.READ, 10, 11);

    assertThat(judge(script).kept()).isEqualTo(allowed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"affinity", "redis", "cookie", "replicated"})
  void whatIsOpenedOnceTheClockIsRightAgainMayNotBeLost(String strategy) {
    Script script = new Script(strategy, null);
    script.fault("clock-far", "node-2", 5, 40);
    script.at("node-2").login(50, 51);
    script.at("node-2").unauthorized(Call.READ, 60, 61);

    assertThat(judge(script).kept()).isFalse();
  }

  @Test
  void sessionsMayLiveLongerThanTheirTimeOutOnceAClockWasWrongAndNotBefore() {
    Script script = new Script("redis", null).timeout(1_000);
    script.at("node-2").login(0, 1);
    script.fault("clock", "node-2", 5, 40);
    script.at("node-1").read(2_000, 2_001);
    assertThat(Guarantees.judgeFully(script.history(), AMPLE).judgement().kept()).isTrue();

    Script before = new Script("redis", null).timeout(1_000);
    before.at("node-2").login(0, 1);
    before.at("node-1").read(2_000, 2_001);
    before.fault("clock", "node-2", 2_005, 2_040);
    assertThat(Guarantees.judgeFully(before.history(), AMPLE).judgement().kept()).isFalse();
  }

  @Test
  void affinityMayNotLoseAWriteOfALivingSession() {
    Script script = new Script("affinity", null);
    script.at("node-2").login(0, 1);
    script.add("a", 2, 3);
    script.fault("kill", "node-2", 5, 40);
    script.read(10, 11);

    assertThat(judge(script).kept()).isFalse();
  }

  @Test
  void redisMayLoseNothingOfASequentialClient() {
    for (String strategy : new String[]{"redis", "cookie", "replicated", "a-strategy-of-tomorrow"}) {
      Script script = new Script(strategy, strategy.equals("replicated") ? "session" : null);
      script.login(0, 1);
      script.add("a", 2, 3);
      script.addUnknown("never", 4, 5);
      script.add("b", 6, 7);
      script.fault("kill", "node-1", 8, 9);
      script.read(10, 11, "a");

      GuaranteeResult judgement = judge(script);
      assertThat(judgement.kept()).as(strategy).isFalse();
      assertThat(judgement.allowedFields()).as(strategy).isEmpty();
    }
  }

  @Test
  void redisMayLoseAWriteThatAnotherOverwrote() {
    Script script = new Script("redis", null);
    script.login(0, 1);
    script.by(1).add("a", 2, 6);
    script.by(2).add("b", 3, 7);
    script.by(1).read(8, 9, "b");

    GuaranteeResult judgement = judge(script);
    assertThat(judgement.verdict().count(AnomalyKind.LOST_ACKNOWLEDGED_WRITE)).isEqualTo(1);
    assertThat(judgement.kept()).isTrue();
    assertThat(judgement.allowedFields()).contains("lostAcknowledgedWrites");
  }

  @Test
  void redisMayLoseAWriteThatStayedWithTheIdOfBefore() {
    Script script = new Script("redis", null);
    script.carrying(0).login(0, 1);
    script.by(1).carrying(0).add("a", 2, 6);
    script.by(2).carrying(0).ok(Call.ROTATE, 3, 7);
    script.by(1).carrying(1).read(8, 9);

    GuaranteeResult judgement = judge(script);
    assertThat(judgement.verdict().count(AnomalyKind.LOST_ACKNOWLEDGED_WRITE)).isEqualTo(1);
    assertThat(judgement.kept()).isTrue();
  }

  @Test
  void aRotationLongBeforeExplainsNoLoss() {
    Script script = new Script("redis", null);
    script.carrying(0).login(0, 1);
    script.by(2).carrying(0).ok(Call.ROTATE, 2, 3);
    script.by(1).carrying(1).add("a", 4, 5);
    script.by(1).carrying(1).read(8, 9);

    assertThat(judge(script).kept()).isFalse();
  }

  @Test
  void redisMayLoseAWriteThatALateOneOverwrote() {
    Script script = new Script("redis", null);
    script.login(0, 1);
    script.addUnknown("late", 2, 3);
    script.add("a", 4, 5);
    script.read(6, 7, "late");

    assertThat(judge(script).kept()).isTrue();
  }

  @Test
  void redisMayLoseWhatRedisLosesWhenItIsKilled() {
    Script script = new Script("redis", null);
    script.login(0, 1);
    script.add("a", 2, 3);
    script.fault("redis-kill", "redis", 4, 5);
    script.unauthorized(Call.READ, 6, 7);

    assertThat(judge(script).kept()).isTrue();
  }

  @Test
  void redisMayLoseByAFailoverWhatNoReplicaHadConfirmed() {
    assertThat(judge(lostAfter("redis-failover", "compare-and-set")).kept()).isTrue();
    assertThat(judge(lostAfter("redis-failover", "confirmed")).kept()).isFalse();
    assertThat(judge(lostAfter("redis-kill", "confirmed")).kept()).isTrue();
  }

  private static Script lostAfter(String fault, String writes) {
    Script script = new Script("redis", null).writes(writes);
    script.login(0, 1);
    script.add("a", 2, 3);
    script.fault(fault, "redis-server", 4, 5);
    script.read(6, 7);
    return script;
  }

  @Test
  void tabsOverwriteEachOthersCookie() {
    Script script = new Script("cookie", null);
    script.login(0, 1);
    script.by(1).add("a", 2, 6);
    script.by(2).ok(Call.SHOW, 3, 7);
    script.by(1).read(8, 9);

    assertThat(judge(script).kept()).isTrue();
  }

  @Test
  void localReadsMayBeStaleAndGoBackward() {
    Script script = staleAndBackward("local", 1);

    GuaranteeResult judgement = judge(script);
    assertThat(judgement.kept()).isTrue();
    assertThat(judgement.documented()).hasSize(2);
    assertThat(judgement.allowedFields()).containsExactly("staleReads", "backwardReads");
  }

  @Test
  void localReadsMayMissAFreshWriteAtTheEndOfARun() {
    Script script = new Script("replicated", "local");
    script.login(0, 1);
    script.add("a", 2, 3);
    script.read(4, 5);

    assertThat(judge(script).kept()).isTrue();
  }

  @Test
  void localReadsMayNotMissAWriteLongAfterIt() {
    Script script = new Script("replicated", "local");
    script.login(0, 1);
    script.add("a", 2, 3);
    script.read(6_000, 6_001);

    assertThat(judge(script).kept()).isFalse();
  }

  @Test
  void localReadsMayMissAWriteWhileANodeIsPaused() {
    Script script = new Script("replicated", "local");
    script.login(0, 1);
    script.add("a", 2, 3);
    script.fault("pause", "node-3", 4, 5_000);
    script.read(6_000, 6_001);

    assertThat(judge(script).kept()).isTrue();
  }

  @Test
  void linearizableReadsMayShowNoOneThePast() {
    assertThat(judge(staleAndBackward("linearizable", 2)).broken()).hasSize(2);
  }

  @Test
  void sessionReadsMayShowAClientThePastOfAnother() {
    assertThat(judge(staleAndBackward("session", 2)).kept()).isTrue();
  }

  @Test
  void sessionReadsMayNotShowAClientItsOwnPast() {
    GuaranteeResult judgement = judge(staleAndBackward("session", 1));

    assertThat(judgement.broken()).hasSize(2);
    assertThat(judgement.allowedFields()).isEmpty();
  }

  @Test
  void sessionReadsMayNotForgetOnesOwnWriteAmongThoseOfOthers() {
    Script script = new Script("replicated", "session");
    script.login(0, 1);
    script.by(1).add("of-another", 2, 3);
    script.by(2).add("own", 4, 5);
    script.by(2).read(6, 7);
    script.by(1).read(8, 9, "of-another", "own");

    assertThat(judge(script).kept()).isFalse();
  }

  @Test
  void aClientMayNotBeShownLessAfterAnotherClientWas() {
    Script script = new Script("replicated", "session");
    script.login(0, 1);
    script.by(1).addUnknown("a", 2, 3);
    script.by(1).read(4, 5, "a");
    script.by(2).read(6, 7);
    script.by(1).read(8, 9);

    GuaranteeResult judgement = judge(script);
    assertThat(judgement.documented()).hasSize(1);
    assertThat(judgement.broken()).hasSize(1);
  }

  @Test
  void aWipedMajorityMayLoseAll() {
    Script script = new Script("replicated", "linearizable");
    script.login(0, 1);
    script.add("a", 2, 3);
    script.fault("wipe", "node-1", 4, 20);
    script.fault("wipe", "node-2", 5, 21);
    script.unauthorized(Call.READ, 30, 31);

    assertThat(judge(script).kept()).isTrue();
  }

  @Test
  void wipingAllLosesAll() {
    Script script = new Script("replicated", "session");
    script.login(0, 1);
    script.add("a", 2, 3);
    script.fault("wipe-all", "node-1", 4, 20);
    script.fault("wipe-all", "node-2", 4, 20);
    script.fault("wipe-all", "node-3", 4, 20);
    script.unauthorized(Call.READ, 30, 31);

    assertThat(judge(script).kept()).isTrue();
  }

  @Test
  void nodesWipedOneAfterTheOtherMayLoseNothing() {
    Script script = new Script("replicated", "linearizable");
    script.login(0, 1);
    script.add("a", 2, 3);
    script.fault("wipe", "node-1", 4, 10);
    script.fault("wipe", "node-2", 15, 20);
    script.unauthorized(Call.READ, 30, 31);

    assertThat(judge(script).kept()).isFalse();
  }

  @Test
  void proofsThatBreakTheGuaranteeComeFirst() {
    Script script = new Script("affinity", null);
    for (int number = 1; number <= 3; number++) {
      script.in("s" + number).by(number).at("node-" + number).login(0, 1);
      script.unauthorized(Call.READ, 10, 11);
    }
    script.fault("kill", "node-1", 5, -1);
    script.fault("kill", "node-3", 5, -1);

    GuaranteeResult judgement = judge(script);
    assertThat(judgement.counterexamples(1)).extracting(Anomaly::session).containsExactly("s2");
    assertThat(judgement.counterexamples(9)).hasSize(3);
  }

  @Test
  void everyJudgeIsHeardAndTheCartCountsStay() {
    Script script = staleAndBackward("local", 1);

    CheckResult full = Guarantees.judgeFully(script.history(), AMPLE);
    assertThat(full.judgement().kept()).isTrue();
    assertThat(full.judgement().verdict().counts()).isEqualTo(
        Map.of(
            AnomalyKind.STALE_READ, 1L, AnomalyKind.BACKWARD_READ, 1L, AnomalyKind.NOT_LINEARIZABLE, 1L,
            AnomalyKind.READ_YOUR_WRITES, 1L, AnomalyKind.MONOTONIC_READS, 1L));
    assertThat(full.sessions()).isEqualTo(1);
    assertThat(full.undecided()).isEmpty();
    assertThat(judge(script).verdict().counts()).containsOnlyKeys(AnomalyKind.STALE_READ, AnomalyKind.BACKWARD_READ);
  }

  @Test
  void redisMayShowLostUpdatesAmongTabs() {
    Script script = new Script("redis", null);
    script.login(0, 1);
    script.by(1).add("a", 2, 6);
    script.by(2).add("b", 3, 7);
    script.by(1).read(8, 9, "b");

    GuaranteeResult judgement = Guarantees.judgeFully(script.history(), AMPLE).judgement();
    assertThat(judgement.kept()).isTrue();
    assertThat(judgement.verdict().counts()).containsKeys(
        AnomalyKind.LOST_UPDATE,
        AnomalyKind.READ_YOUR_WRITES,
        AnomalyKind.NOT_LINEARIZABLE);
  }

  @Test
  void replicatedMayNotShowLostUpdates() {
    Script script = new Script("replicated", "session");
    script.login(0, 1);
    script.by(1).add("a", 2, 6);
    script.by(2).add("b", 3, 7);
    script.by(2).read(8, 9, "b");

    GuaranteeResult judgement = Guarantees.judgeFully(script.history(), AMPLE).judgement();
    assertThat(judgement.broken()).extracting(Anomaly::kind).containsExactlyInAnyOrder(
        AnomalyKind.LOST_ACKNOWLEDGED_WRITE,
        AnomalyKind.NOT_LINEARIZABLE,
        AnomalyKind.LOST_UPDATE);
  }

  @Test
  void onlyAnOldCookieMayAnswerAfterItsLogout() {
    for (String strategy : List.of("affinity", "redis", "replicated", "cookie")) {
      Script script = new Script(strategy, strategy.equals("replicated") ? "linearizable" : null);
      script.login(0, 1);
      script.ok(Call.LOGOUT, 2, 3);
      script.ok(Call.SHOW, 4, 5);

      assertThat(Guarantees.judgeFully(script.history(), AMPLE).judgement().kept()).as(strategy)
          .isEqualTo(strategy.equals("cookie"));
    }
  }

  @Test
  void anotherTabMayNotHearOfALogoutAtOnceWithSessionReads() {
    for (int client = 1; client <= 2; client++) {
      Script script = new Script("replicated", "session");
      script.login(0, 1);
      script.by(1).ok(Call.LOGOUT, 2, 3);
      script.by(client).ok(Call.SHOW, 4, 5);

      assertThat(Guarantees.judgeFully(script.history(), AMPLE).judgement().kept()).isEqualTo(client == 2);
    }
  }

  @Test
  void aCallUnderWayMayBringBackWhatALogoutDeletesFromRedis() {
    Script script = new Script("redis", null);
    script.login(0, 1);
    script.by(1).ok(Call.LOGOUT, 4, 5);
    script.by(2).add("a", 2, 6);
    script.by(2).ok(Call.SHOW, 8, 9);

    GuaranteeResult judgement = Guarantees.judgeFully(script.history(), AMPLE).judgement();
    assertThat(judgement.verdict().count(AnomalyKind.RESURRECTION)).isEqualTo(1);
    assertThat(judgement.kept()).isTrue();
  }

  @Test
  void redisMayMakeNothingUpWhateverHitsIt() {
    Script script = new Script("redis", null);
    script.login(0, 1);
    script.fault("redis-kill", "redis", 2, 3);
    script.read(4, 5, "ghost");

    assertThat(judge(script).kept()).isFalse();
  }

  private static Script staleAndBackward(String reads, int reader) {
    Script script = new Script("replicated", reads);
    script.login(0, 1);
    script.by(1).add("a", 2, 3);
    script.by(1).read(4, 5, "a");
    script.by(reader).read(6, 7);
    script.by(1).read(8, 9, "a");
    return script;
  }

  private static GuaranteeResult judge(Script script) {
    return Guarantees.judge(script.history());
  }
}
