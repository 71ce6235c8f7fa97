package dev.statecraft.lab.experiment.strategies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.history.FaultEvent;
import dev.statecraft.lab.history.Operation;
import dev.statecraft.lab.history.Operation.Call;
import dev.statecraft.lab.history.Outcome;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecoveryProbeTest {
  private static final List<FaultEvent> FAULTS = List.of(
      new FaultEvent("kill", "n1", 100, 200), new FaultEvent("gateway-kill", "gateway", 300, 400));

  private final RecoveryProbe aftermath = new RecoveryProbe(List.of("n1", "n2"));

  @Test
  void aNodeServesAgainWithItsOwnGoodAnswerToWhatWasAskedAfterwards() {
    notice(150, "n1", ok());
    notice(250, "n2", ok());
    notice(260, "n1", new Outcome.Failed(503, "not yet"));
    assertThat(aftermath.missing(FAULTS)).containsExactly("n1", "gateway");

    notice(270, "n1", ok());
    assertThat(aftermath.missing(FAULTS)).containsExactly("gateway");
    assertThat(aftermath.servesAgain(0)).isTrue();
  }

  @Test
  void theGatewayServesAgainWithTheFirstGoodAnswerOfAnyNode() {
    notice(410, "n2", ok());
    assertThat(aftermath.missing(FAULTS)).containsExactly("n1");
  }

  @Test
  void aFaultThatGoesOnIsNotOver() {
    List<FaultEvent> open = List.of(new FaultEvent("pause", "n1", 100, -1));
    aftermath.notice(operation(150, "n1", ok()), open);
    assertThat(aftermath.missing(open)).containsExactly("n1");
  }

  private void notice(long invoked, String node, Outcome outcome) {
    aftermath.notice(operation(invoked, node, outcome), FAULTS);
  }

  private static Operation operation(long invoked, @Nullable String node, Outcome outcome) {
    return new Operation(1, 1, "s", Call.READ, null, invoked, invoked, invoked + 1, outcome, node);
  }

  private static Outcome ok() {
    return new Outcome.Ok(200, List.of());
  }
}
