package dev.statecraft.lab.checker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import dev.statecraft.lab.history.Operation.Call;
import org.junit.jupiter.api.Test;

class RedisGuaranteeTest {
  @Test
  void sequentialClientMayLoseNothing() {
    for (String strategy : new String[]{"redis", "cookie", "replicated", "a-strategy-of-tomorrow"}) {
      Script script = new Script(strategy, strategy.equals("replicated") ? "session" : null);
      script.login(0, 1);
      script.add("a", 2, 3);
      script.addUnknown("never", 4, 5);
      script.add("b", 6, 7);
      script.fault("kill", "node-1", 8, 9);
      script.read(10, 11, "a");

      CheckResult result = script.checkCarts();
      assertThat(result.kept()).as(strategy).isFalse();
      assertThat(result.allowedFields()).as(strategy).isEmpty();
    }
  }

  @Test
  void overwrittenWriteMayBeLost() {
    Script script = new Script("redis", null);
    script.login(0, 1);
    script.by(1).add("a", 2, 6);
    script.by(2).add("b", 3, 7);
    script.by(1).read(8, 9, "b");

    CheckResult result = script.checkCarts();
    assertThat(result.verdict().count(AnomalyKind.LOST_ACKNOWLEDGED_WRITE)).isEqualTo(1);
    assertThat(result.kept()).isTrue();
    assertThat(result.allowedFields()).contains("lostAcknowledgedWrites");
  }

  @Test
  void writeUnderRotatedIdMayBeLost() {
    Script script = new Script("redis", null);
    script.carrying(0).login(0, 1);
    script.by(1).carrying(0).add("a", 2, 6);
    script.by(2).carrying(0).ok(Call.ROTATE, 3, 7);
    script.by(1).carrying(1).read(8, 9);

    CheckResult result = script.checkCarts();
    assertThat(result.verdict().count(AnomalyKind.LOST_ACKNOWLEDGED_WRITE)).isEqualTo(1);
    assertThat(result.kept()).isTrue();
  }

  @Test
  void earlierRotationExcusesNoLoss() {
    Script script = new Script("redis", null);
    script.carrying(0).login(0, 1);
    script.by(2).carrying(0).ok(Call.ROTATE, 2, 3);
    script.by(1).carrying(1).add("a", 4, 5);
    script.by(1).carrying(1).read(8, 9);

    assertThat(script.checkCarts().kept()).isFalse();
  }

  @Test
  void lateWriteMayOverwriteAnother() {
    Script script = new Script("redis", null);
    script.login(0, 1);
    script.addUnknown("late", 2, 3);
    script.add("a", 4, 5);
    script.read(6, 7, "late");

    assertThat(script.checkCarts().kept()).isTrue();
  }

  @Test
  void killedRedisMayLoseSessions() {
    Script script = new Script("redis", null);
    script.login(0, 1);
    script.add("a", 2, 3);
    script.fault("redis-kill", "redis", 4, 5);
    script.unauthorized(Call.READ, 6, 7);

    assertThat(script.checkCarts().kept()).isTrue();
  }

  @Test
  void failoverMayLoseUnconfirmedWrites() {
    assertThat(lostAfter("redis-failover", "compare-and-set").checkCarts().kept()).isTrue();
    assertThat(lostAfter("redis-failover", "confirmed").checkCarts().kept()).isFalse();
    assertThat(lostAfter("redis-kill", "confirmed").checkCarts().kept()).isTrue();
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
  void tabsMayOverwriteEachOthersCookie() {
    Script script = new Script("cookie", null);
    script.login(0, 1);
    script.by(1).add("a", 2, 6);
    script.by(2).ok(Call.SHOW, 3, 7);
    script.by(1).read(8, 9);

    assertThat(script.checkCarts().kept()).isTrue();
  }

  @Test
  void tabsMayLoseUpdates() {
    Script script = new Script("redis", null);
    script.login(0, 1);
    script.by(1).add("a", 2, 6);
    script.by(2).add("b", 3, 7);
    script.by(1).read(8, 9, "b");

    CheckResult result = script.check();
    assertThat(result.kept()).isTrue();
    assertThat(result.verdict().counts()).containsKeys(
        AnomalyKind.LOST_UPDATE,
        AnomalyKind.READ_YOUR_WRITES,
        AnomalyKind.NOT_LINEARIZABLE);
  }

  @Test
  void concurrentCallMustNotResurrectSession() {
    Script script = new Script("redis", null);
    script.login(0, 1);
    script.by(1).ok(Call.LOGOUT, 4, 5);
    script.by(2).add("a", 2, 6);
    script.by(2).ok(Call.SHOW, 8, 9);

    CheckResult result = script.check();
    assertThat(result.verdict().count(AnomalyKind.RESURRECTION)).isEqualTo(1);
    assertThat(result.kept()).isFalse();
    assertThat(result.mayShow()).contains(AnomalyKind.LOST_UPDATE).doesNotContain(AnomalyKind.RESURRECTION);
  }

  @Test
  void concurrentCallMustNotKeepRotatedId() {
    Script script = new Script("redis", null);
    script.carrying(0).login(0, 1);
    script.by(2).carrying(0).ok(Call.ROTATE, 4, 5);
    script.by(1).carrying(0).add("a", 2, 6);
    script.by(1).carrying(0).ok(Call.SHOW, 8, 9);

    CheckResult result = script.check();
    assertThat(result.verdict().count(AnomalyKind.TWO_LIVE_IDS)).isEqualTo(1);
    assertThat(result.kept()).isFalse();
  }

  @Test
  void noFaultExcusesPhantom() {
    Script script = new Script("redis", null);
    script.login(0, 1);
    script.fault("redis-kill", "redis", 2, 3);
    script.read(4, 5, "ghost");

    assertThat(script.checkCarts().kept()).isFalse();
  }
}
