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

  private final RecoveryProbe probe = new RecoveryProbe(List.of("n1", "n2"));

  @Test
  void nodeServesAgainAfterItsOwnGoodAnswer() {
    observe(150, "n1", ok());
    observe(250, "n2", ok());
    observe(260, "n1", new Outcome.Failed(503, "not yet"));
    assertThat(probe.missing(FAULTS)).containsExactly("n1", "gateway");

    observe(270, "n1", ok());
    assertThat(probe.missing(FAULTS)).containsExactly("gateway");
    assertThat(probe.servesAgain(0)).isTrue();
  }

  @Test
  void gatewayServesAgainAfterAnyGoodAnswer() {
    observe(410, "n2", ok());
    assertThat(probe.missing(FAULTS)).containsExactly("n1");
  }

  @Test
  void ongoingFaultIsMissing() {
    List<FaultEvent> open = List.of(new FaultEvent("pause", "n1", 100, -1));
    probe.observe(operation(150, "n1", ok()), open);
    assertThat(probe.missing(open)).containsExactly("n1");
  }

  private void observe(long invoked, String node, Outcome outcome) {
    probe.observe(operation(invoked, node, outcome), FAULTS);
  }

  private static Operation operation(long invoked, @Nullable String node, Outcome outcome) {
    return new Operation(1, 1, "s", Call.READ, null, invoked, invoked, invoked + 1, outcome, node);
  }

  private static Outcome ok() {
    return new Outcome.Ok(200, List.of());
  }
}
