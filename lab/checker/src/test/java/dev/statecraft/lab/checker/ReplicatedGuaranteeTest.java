package dev.statecraft.lab.checker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.checker.anomaly.Anomaly;
import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import dev.statecraft.lab.history.Operation.Call;
import org.junit.jupiter.api.Test;

class ReplicatedGuaranteeTest {
  @Test
  void localReadsMayBeStale() {
    Script script = staleAndBackward("local", 1);

    CheckResult result = script.checkCarts();
    assertThat(result.kept()).isTrue();
    assertThat(result.documented()).hasSize(2);
    assertThat(result.allowedFields()).containsExactly("staleReads", "backwardReads");
  }

  @Test
  void localReadsMayMissRecentWrite() {
    Script script = new Script("replicated", "local");
    script.login(0, 1);
    script.add("a", 2, 3);
    script.read(4, 5);

    assertThat(script.checkCarts().kept()).isTrue();
  }

  @Test
  void localReadsMayNotMissOldWrite() {
    Script script = new Script("replicated", "local");
    script.login(0, 1);
    script.add("a", 2, 3);
    script.read(6_000, 6_001);

    assertThat(script.checkCarts().kept()).isFalse();
  }

  @Test
  void pausedNodeExcusesOldLocalReads() {
    Script script = new Script("replicated", "local");
    script.login(0, 1);
    script.add("a", 2, 3);
    script.fault("pause", "node-3", 4, 5_000);
    script.read(6_000, 6_001);

    assertThat(script.checkCarts().kept()).isTrue();
  }

  @Test
  void linearizableReadsMayNeverBeStale() {
    assertThat(staleAndBackward("linearizable", 2).checkCarts().broken()).hasSize(2);
  }

  @Test
  void sessionReadsMayBeStaleForOtherClients() {
    assertThat(staleAndBackward("session", 2).checkCarts().kept()).isTrue();
  }

  @Test
  void sessionReadsMayNotBeStaleForOwnClient() {
    CheckResult result = staleAndBackward("session", 1).checkCarts();

    assertThat(result.broken()).hasSize(2);
    assertThat(result.allowedFields()).isEmpty();
  }

  @Test
  void sessionReadsMayNotMissOwnWrite() {
    Script script = new Script("replicated", "session");
    script.login(0, 1);
    script.by(1).add("of-another", 2, 3);
    script.by(2).add("own", 4, 5);
    script.by(2).read(6, 7);
    script.by(1).read(8, 9, "of-another", "own");

    assertThat(script.checkCarts().kept()).isFalse();
  }

  @Test
  void sessionReadsAreMonotonicForEachClient() {
    Script script = new Script("replicated", "session");
    script.login(0, 1);
    script.by(1).addUnknown("a", 2, 3);
    script.by(1).read(4, 5, "a");
    script.by(2).read(6, 7);
    script.by(1).read(8, 9);

    CheckResult result = script.checkCarts();
    assertThat(result.documented()).hasSize(1);
    assertThat(result.broken()).hasSize(1);
  }

  @Test
  void wipedMajorityMayLoseAll() {
    Script script = new Script("replicated", "linearizable");
    script.login(0, 1);
    script.add("a", 2, 3);
    script.fault("wipe", "node-1", 4, 20);
    script.fault("wipe", "node-2", 5, 21);
    script.unauthorized(Call.READ, 30, 31);

    assertThat(script.checkCarts().kept()).isTrue();
  }

  @Test
  void wipeAllMayLoseAll() {
    Script script = new Script("replicated", "session");
    script.login(0, 1);
    script.add("a", 2, 3);
    script.fault("wipe-all", "node-1", 4, 20);
    script.fault("wipe-all", "node-2", 4, 20);
    script.fault("wipe-all", "node-3", 4, 20);
    script.unauthorized(Call.READ, 30, 31);

    assertThat(script.checkCarts().kept()).isTrue();
  }

  @Test
  void nodesWipedInTurnMayLoseNothing() {
    Script script = new Script("replicated", "linearizable");
    script.login(0, 1);
    script.add("a", 2, 3);
    script.fault("wipe", "node-1", 4, 10);
    script.fault("wipe", "node-2", 15, 20);
    script.unauthorized(Call.READ, 30, 31);

    assertThat(script.checkCarts().kept()).isFalse();
  }

  @Test
  void noUpdateMayBeLost() {
    Script script = new Script("replicated", "session");
    script.login(0, 1);
    script.by(1).add("a", 2, 6);
    script.by(2).add("b", 3, 7);
    script.by(2).read(8, 9, "b");

    CheckResult result = script.check();
    assertThat(result.broken()).extracting(Anomaly::kind).containsExactlyInAnyOrder(
        AnomalyKind.LOST_ACKNOWLEDGED_WRITE,
        AnomalyKind.NOT_LINEARIZABLE,
        AnomalyKind.LOST_UPDATE);
  }

  @Test
  void anotherTabMayMissLogout() {
    for (int client = 1; client <= 2; client++) {
      Script script = new Script("replicated", "session");
      script.login(0, 1);
      script.by(1).ok(Call.LOGOUT, 2, 3);
      script.by(client).ok(Call.SHOW, 4, 5);

      assertThat(script.check().kept()).isEqualTo(client == 2);
    }
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
}
