package dev.statecraft.lab.checker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.checker.anomaly.Anomaly;
import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import dev.statecraft.lab.history.Operation.Call;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CheckerTest {
  @Test
  void counterexamplesThatBreakTheGuaranteeComeFirst() {
    Script script = new Script("affinity", null);
    for (int number = 1; number <= 3; number++) {
      script.in("s" + number).by(number).at("node-" + number).login(0, 1);
      script.unauthorized(Call.READ, 10, 11);
    }
    script.fault("kill", "node-1", 5, -1);
    script.fault("kill", "node-3", 5, -1);

    CheckResult result = script.checkCarts();
    assertThat(result.counterexamples(1)).extracting(Anomaly::session).containsExactly("s2");
    assertThat(result.counterexamples(9)).hasSize(3);
  }

  @Test
  void everyCheckerContributes() {
    Script script = staleAndBackward("local", 1);

    CheckResult result = script.check();
    assertThat(result.kept()).isTrue();
    assertThat(result.verdict().counts()).isEqualTo(
        Map.of(
            AnomalyKind.STALE_READ, 1L, AnomalyKind.BACKWARD_READ, 1L, AnomalyKind.NOT_LINEARIZABLE, 1L,
            AnomalyKind.READ_YOUR_WRITES, 1L, AnomalyKind.MONOTONIC_READS, 1L));
    assertThat(result.sessions()).isEqualTo(1);
    assertThat(result.undecided()).isEmpty();
    assertThat(script.checkCarts().verdict().counts()).containsOnlyKeys(AnomalyKind.STALE_READ,
        AnomalyKind.BACKWARD_READ);
  }

  @Test
  void onlyCookieMayOutliveLogout() {
    for (String strategy : List.of("affinity", "redis", "replicated", "cookie")) {
      Script script = new Script(strategy, strategy.equals("replicated") ? "linearizable" : null);
      script.login(0, 1);
      script.ok(Call.LOGOUT, 2, 3);
      script.ok(Call.SHOW, 4, 5);

      assertThat(script.check().kept()).as(strategy)
          .isEqualTo(strategy.equals("cookie"));
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
