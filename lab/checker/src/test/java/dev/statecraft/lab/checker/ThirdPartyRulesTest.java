package dev.statecraft.lab.checker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.checker.anomaly.Anomaly;
import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import dev.statecraft.lab.checker.guarantee.AnomalyContext;
import dev.statecraft.lab.checker.guarantee.GuaranteeRules;
import dev.statecraft.lab.checker.guarantee.LastWriteWins;
import dev.statecraft.lab.history.Operation.Call;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ThirdPartyRulesTest {
  /** Listed in {@code META-INF/services} of the tests, as a module of a third party would. */
  public static final class Rules implements GuaranteeRules {
    @Override
    public String strategy() {
      return "third-party";
    }

    @Override
    public Set<AnomalyKind> mayShow(AnomalyContext context) {
      return Set.of(AnomalyKind.RESURRECTION);
    }

    @Override
    public boolean allows(Anomaly anomaly, AnomalyContext context) {
      return anomaly.kind() == AnomalyKind.RESURRECTION && LastWriteWins.raced(anomaly, context);
    }
  }

  private static CheckResult resurrection(String strategy) {
    Script script = new Script(strategy, null);
    script.login(0, 1);
    script.by(1).ok(Call.LOGOUT, 4, 5);
    script.by(2).ok(Call.SHOW, 2, 6);
    script.by(2).ok(Call.SHOW, 8, 9);
    return script.check();
  }

  @Test
  void strategyOnClassPathIsHeldToItsOwnRules() {
    assertThat(resurrection("third-party").kept()).isTrue();
    assertThat(resurrection("third-party").mayShow()).contains(AnomalyKind.RESURRECTION);
  }

  @Test
  void strategyWithoutRulesMayShowNothing() {
    assertThat(resurrection("unknown").kept()).isFalse();
    assertThat(resurrection("unknown").mayShow()).isEmpty();
  }
}
