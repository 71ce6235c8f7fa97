package dev.statecraft.lab.experiment.strategies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.history.Operation;
import dev.statecraft.lab.history.Operation.Call;
import dev.statecraft.lab.history.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailedCallsTest {

  @Test
  void ignoresGoodAnswers() {
    assertThat(FailedCalls.describe(List.of(call(Call.READ, new Outcome.Ok(200, List.of()))))).isEmpty();
  }

  @Test
  void countsFailuresByMethodAndResult() {
    assertThat(
        FailedCalls.describe(
            List.of(
                call(Call.READ, new Outcome.Failed(401, "no session")),
                call(Call.SHOW, new Outcome.Failed(401, "no session")),
                call(Call.ADD, new Outcome.Unknown(503, "no node")),
                call(Call.LOGIN, new Outcome.Unknown(0, "time-out")),
                call(Call.ADD, new Outcome.Unknown(503, "no node")), call(Call.ADD, new Outcome.Ok(201, null)))))
        .isEqualTo("GET 2 (401), POST 3 (2 x 503, 1 x time-out)");
  }

  private static Operation call(Call call, Outcome outcome) {
    return new Operation(0, 1, "u1-1", call, null, 0, 1, 2, outcome, null);
  }
}
