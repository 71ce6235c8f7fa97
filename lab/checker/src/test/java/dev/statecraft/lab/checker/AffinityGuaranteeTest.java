package dev.statecraft.lab.checker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import dev.statecraft.lab.history.Operation.Call;
import org.junit.jupiter.api.Test;

class AffinityGuaranteeTest {
  @Test
  void killedOwnerMayLoseItsSessions() {
    Script script = new Script("affinity", null);
    script.at("node-2").login(0, 1);
    script.add("a", 2, 3);
    script.fault("kill", "node-2", 5, 40);
    script.at("node-1").unauthorized(Call.READ, 10, 11);

    CheckResult result = script.checkCarts();
    assertThat(result.kept()).isTrue();
    assertThat(result.verdict().count(AnomalyKind.LOST_SESSION)).isEqualTo(1);
    assertThat(result.verdict().lostItems()).isEqualTo(1);
    assertThat(result.documented()).hasSize(1);
    assertThat(result.allowedFields()).containsExactly("lostSessions", "lostItems");
  }

  @Test
  void livingNodeMayLoseNoSession() {
    Script script = new Script("affinity", null);
    script.at("node-1").login(0, 1);
    script.fault("kill", "node-2", 5, 40);
    script.at("node-1").unauthorized(Call.READ, 10, 11);

    CheckResult result = script.checkCarts();
    assertThat(result.kept()).isFalse();
    assertThat(result.broken()).hasSize(1);
    assertThat(result.allowedFields()).isEmpty();
  }

  @Test
  void killedNodeMayLoseSessionsThatMovedToIt() {
    Script script = new Script("affinity", null);
    script.at("node-1").login(0, 1);
    script.at("node-2").read(2, 3);
    script.fault("kill", "node-2", 5, 40);
    script.at("node-1").unauthorized(Call.READ, 10, 11);

    assertThat(script.checkCarts().kept()).isTrue();
  }

  @Test
  void killedNodeMayNotLoseSessionsThatMovedAway() {
    Script script = new Script("affinity", null);
    script.at("node-2").login(0, 1);
    script.at("node-1").read(2, 3);
    script.fault("kill", "node-2", 5, 40);
    script.at("node-1").unauthorized(Call.READ, 10, 11);

    assertThat(script.checkCarts().kept()).isFalse();
  }

  @Test
  void ownerMayLoseNothingBeforeItIsKilled() {
    Script script = new Script("affinity", null);
    script.at("node-2").login(0, 1);
    script.at("node-2").unauthorized(Call.READ, 3, 4);
    script.fault("kill", "node-2", 5, 40);

    assertThat(script.checkCarts().kept()).isFalse();
  }

  @Test
  void restartedOwnerMayLoseNoNewSession() {
    Script script = new Script("affinity", null);
    script.fault("kill", "node-2", 5, 40);
    script.at("node-2").login(50, 51);
    script.at("node-2").unauthorized(Call.READ, 60, 61);

    assertThat(script.checkCarts().kept()).isFalse();
  }

  @Test
  void shortPauseMayLoseNoSession() {
    Script script = new Script("affinity", null);
    script.at("node-2").login(0, 1);
    script.fault("pause", "node-2", 5, 40);
    script.at("node-1").unauthorized(Call.READ, 10, 11);

    assertThat(script.checkCarts().kept()).isFalse();
  }

  @Test
  void longPauseMayLoseSessions() {
    Script script = new Script("affinity", null);
    script.at("node-2").login(0, 1);
    script.fault("pause", "node-2", 5, 2_100);
    script.at("node-1").unauthorized(Call.READ, 10, 11);

    assertThat(script.checkCarts().kept()).isTrue();
  }

  @Test
  void livingSessionMayLoseNoWrite() {
    Script script = new Script("affinity", null);
    script.at("node-2").login(0, 1);
    script.add("a", 2, 3);
    script.fault("kill", "node-2", 5, 40);
    script.read(10, 11);

    assertThat(script.checkCarts().kept()).isFalse();
  }
}
