package dev.statecraft.lab.experiment.strategies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.checker.CheckResult;
import dev.statecraft.lab.checker.Checker;
import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults;
import dev.statecraft.lab.fault.Faults;
import dev.statecraft.lab.history.History;
import dev.statecraft.lab.history.Operation;
import dev.statecraft.lab.history.Operation.Call;
import dev.statecraft.lab.history.Outcome;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class RunResultTest {
  private final History paidTwice = new History(
      "cookie", null, 1, List.of("cookie-1"), List.of(pay(0, 1, 1, 3), pay(1, 2, 2, 4)), List.of());
  private final CheckResult result = new Checker(Faults::effects).check(paidTwice);

  /** Otherwise a report could not show why a guarantee was broken. */
  @Test
  void everyAnomalyKindHasACount() {
    ObjectNode counts = JsonMapper.shared().createObjectNode();
    for (Object verdict : List.of(
        RunResult.verdict(result.verdict()), RunResult.sessionVerdict(result),
        RunResult.checkoutVerdict(paidTwice, result.verdict()))) {
      counts.setAll((ObjectNode) JsonMapper.shared().valueToTree(verdict));
    }
    assertThat(counts.propertyNames())
        .containsAll(Arrays.stream(AnomalyKind.values()).map(AnomalyKind::field).toList());
  }

  @Test
  void countsCheckoutSteps() {
    StrategyResults.CheckoutVerdict verdict = RunResult.checkoutVerdict(paidTwice, result.verdict());
    assertThat(verdict.steps()).isEqualTo(2);
    assertThat(verdict.repeatedSteps()).isEqualTo(1);
    assertThat(verdict.forbiddenTransitions()).isZero();
  }

  private static Operation pay(long id, int client, long from, long to) {
    return new Operation(id, client, "b1-1", Call.CHECKOUT, "pay", from, from, to,
        new Outcome.Ok(200, null, "paid"), "cookie-1");
  }
}
