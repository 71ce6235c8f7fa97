package dev.statecraft.lab.checker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.history.Operation.Call;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClockGuaranteeTest {
  @ParameterizedTest
  @ValueSource(strings = {"affinity", "redis", "cookie", "replicated"})
  void smallClockErrorExcusesNoLoss(String strategy) {
    Script script = new Script(strategy, null);
    script.at("node-2").login(0, 1);
    script.fault("clock", "node-2", 5, 40);
    script.at("node-2").unauthorized(Call.READ, 10, 11);

    assertThat(script.checkCarts().kept()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"affinity", "redis", "cookie", "replicated"})
  void largeClockErrorExcusesEarlyExpiry(String strategy) {
    Script script = new Script(strategy, null);
    script.at("node-2").login(0, 1);
    script.fault("clock-far", "node-2", 5, 40);
    script.at("node-2").unauthorized(Call.READ, 10, 11);

    assertThat(script.checkCarts().kept()).isTrue();
  }

  @Test
  void timeoutDecidesWhichClockErrorIsLarge() {
    Script script = new Script("cookie", null).timeout(120_000);
    script.at("node-2").login(0, 1);
    script.fault("clock", "node-2", 5, 40);
    script.at("node-2").unauthorized(Call.READ, 10, 11);

    assertThat(script.checkCarts().kept()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"affinity, false", "redis, false", "cookie, false", "replicated, true"})
  void onlyLeaderClockAffectsSessionsElsewhere(String strategy, boolean allowed) {
    Script script = new Script(strategy, null);
    script.at("node-1").login(0, 1);
    script.fault("clock-far", "node-2", 5, 40);
    script.at("node-1").unauthorized(Call.READ, 10, 11);

    assertThat(script.checkCarts().kept()).isEqualTo(allowed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"affinity", "redis", "cookie", "replicated"})
  void correctedClockExcusesNoLoss(String strategy) {
    Script script = new Script(strategy, null);
    script.fault("clock-far", "node-2", 5, 40);
    script.at("node-2").login(50, 51);
    script.at("node-2").unauthorized(Call.READ, 60, 61);

    assertThat(script.checkCarts().kept()).isFalse();
  }

  @Test
  void clockErrorExcusesLateExpiry() {
    Script script = new Script("redis", null).timeout(1_000);
    script.at("node-2").login(0, 1);
    script.fault("clock", "node-2", 5, 40);
    script.at("node-1").read(2_000, 2_001);
    assertThat(script.check().kept()).isTrue();

    Script before = new Script("redis", null).timeout(1_000);
    before.at("node-2").login(0, 1);
    before.at("node-1").read(2_000, 2_001);
    before.fault("clock", "node-2", 2_005, 2_040);
    assertThat(before.check().kept()).isFalse();
  }
}
