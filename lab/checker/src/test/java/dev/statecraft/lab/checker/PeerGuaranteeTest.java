package dev.statecraft.lab.checker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import dev.statecraft.lab.history.Operation.Call;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeerGuaranteeTest {
  @ParameterizedTest
  @ValueSource(strings = {"spring-redis", "jdbc", "hazelcast", "infinispan"})
  void killedNodeExcusesNoLoss(String peer) {
    Script script = new Script(peer, null);
    script.login(0, 1);
    script.add("a", 2, 3);
    script.fault("kill", "node-1", 4, 5);
    script.unauthorized(Call.READ, 6, 7);

    assertThat(script.checkCarts().kept()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"spring-redis", "jdbc", "hazelcast", "infinispan"})
  void lastOfConcurrentWritesWins(String peer) {
    Script script = new Script(peer, null);
    script.login(0, 1);
    script.by(1).add("a", 2, 6);
    script.by(2).add("b", 3, 7);
    script.by(1).read(8, 9, "b");

    CheckResult result = script.check();
    assertThat(result.kept()).isTrue();
    assertThat(result.mayShow()).contains(AnomalyKind.LOST_ACKNOWLEDGED_WRITE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"spring-redis", "jdbc", "hazelcast", "infinispan"})
  void logoutMayMissConcurrentCall(String peer) {
    Script script = new Script(peer, null);
    script.login(0, 1);
    script.by(1).ok(Call.LOGOUT, 4, 5);
    script.by(2).add("a", 2, 6);
    script.by(2).ok(Call.SHOW, 8, 9);

    assertThat(script.check().kept()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"spring-redis, true", "jdbc, false", "hazelcast, false", "infinispan, false"})
  void onlyRedisLosesSessionsWithRedis(String peer, boolean allowed) {
    Script script = new Script(peer, null);
    script.login(0, 1);
    script.fault("redis-kill", "redis-server", 4, 5);
    script.unauthorized(Call.READ, 6, 7);

    assertThat(script.checkCarts().kept()).isEqualTo(allowed);
  }

  @ParameterizedTest
  @CsvSource({"spring-redis, false", "jdbc, false", "hazelcast, true", "infinispan, true"})
  void splitGridMayLoseWrites(String peer, boolean allowed) {
    for (String fault : new String[]{"partition", "pause"}) {
      Script script = new Script(peer, null);
      script.login(0, 1);
      script.fault(fault, "node-2", 2, 6_000);
      script.add("a", 3, 4);
      script.read(7_000, 7_001);

      assertThat(script.checkCarts().kept()).as(fault).isEqualTo(allowed);
    }
  }

  @Test
  void shortSplitExcusesNoLoss() {
    Script script = new Script("hazelcast", null);
    script.login(0, 1);
    script.fault("partition", "node-2", 2, 500);
    script.add("a", 3, 4);
    script.read(7_000, 7_001);

    assertThat(script.checkCarts().kept()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"hazelcast", "infinispan"})
  void gridMayLoseAllOnlyWithAllNodes(String peer) {
    assertThat(lostAfterKills(peer, 2).checkCarts().kept()).isFalse();
    assertThat(lostAfterKills(peer, 3).checkCarts().kept()).isTrue();
  }

  private static Script lostAfterKills(String peer, int nodes) {
    Script script = new Script(peer, null);
    script.login(0, 1);
    for (int node = 1; node <= nodes; node++) {
      script.fault("kill", "node-" + node, 2 + node, 10);
    }
    script.unauthorized(Call.READ, 20, 21);
    return script;
  }

  @ParameterizedTest
  @CsvSource({"spring-redis, false", "jdbc, true", "hazelcast, false", "infinispan, false"})
  void saveDuringRotationMayEndNewId(String peer, boolean allowed) {
    Script script = new Script(peer, null);
    script.carrying(0).login(0, 1);
    script.by(2).carrying(0).ok(Call.SHOW, 2, 6);
    script.by(1).carrying(0).ok(Call.ROTATE, 3, 5);
    script.by(1).carrying(1).unauthorized(Call.READ, 8, 9);

    assertThat(script.checkCarts().kept()).isEqualTo(allowed);
  }
}
