package dev.statecraft.lab.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.statecraft.lab.history.History;
import dev.statecraft.lab.history.Operation;
import dev.statecraft.lab.history.Operation.Call;
import dev.statecraft.lab.history.Outcome;
import dev.statecraft.lab.load.OpenLoop.Measured;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class MeasurementTest {
  private static final long SECOND = 1_000_000_000L;
  private static final Outcome OK = new Outcome.Ok(200, null);
  private static final Offset<Double> RESOLUTION = within(0.1);

  private final List<Operation> operations = new ArrayList<>();

  @Test
  void latencyCountsFromDueTime() {
    operations.add(new Operation(0, 1, "s", Call.SHOW, null, SECOND, 3 * SECOND, 3 * SECOND + 1_000_000, OK, "n1"));

    Measurement measurement = measure(List.of());

    assertThat(measurement.latencyMillis()).isNotNull()
        .satisfies(latency -> assertThat(latency.maximum()).isEqualTo(2_001, within(2.0)));
  }

  @Test
  void countsOnlyRequestsDueWhileMeasuring() {
    add(0.5, 900, OK);
    add(1.0, 10, OK);
    add(2.999, 20, OK);
    add(3.0, 900, OK);

    Measurement measurement = measure(List.of());

    assertThat(measurement.requests()).isEqualTo(2);
    assertThat(measurement.throughputPerSecond()).isEqualTo(1);
    assertThat(measurement.latencyMillis()).isNotNull()
        .satisfies(latency -> assertThat(latency.maximum()).isEqualTo(20, RESOLUTION));
  }

  @Test
  void errorsIncludeUnknownAndShedRequests() {
    add(1.1, 1, OK);
    add(1.2, 1, new Outcome.Failed(401, "no"));
    add(1.3, 1, new Outcome.Unknown(503, "no"));

    Measurement measurement = measure(List.of(1_400_000_000L, 1_500_000_000L));

    assertThat(measurement.requests()).isEqualTo(5);
    assertThat(measurement.errors()).isEqualTo(4);
    assertThat(measurement.unknown()).isEqualTo(1);
    assertThat(measurement.throughputPerSecond()).isEqualTo(0.5);
  }

  @Test
  void timelineHasFiguresOfEachInterval() {
    add(1.1, 5, OK);
    add(1.6, 7, OK);
    add(1.7, 7, new Outcome.Failed(0, "no"));

    Measurement measurement = measure(List.of(2_900_000_000L));

    assertThat(measurement.timeline().intervalMillis()).isEqualTo(500);
    assertThat(measurement.timeline().requests()).containsExactly(1L, 2L, 0L, 1L);
    assertThat(measurement.timeline().errors()).containsExactly(0L, 1L, 0L, 1L);
    assertThat(measurement.timeline().p50().get(0)).isEqualTo(5, RESOLUTION);
    assertThat(measurement.timeline().p99().get(1)).isEqualTo(7, RESOLUTION);
    assertThat(measurement.timeline().p50().get(2)).isNull();
    assertThat(measurement.timeline().p50().get(3)).isNull();
  }

  @Test
  void noLatencyWithoutGoodAnswer() {
    add(1.1, 5, new Outcome.Failed(0, "no"));

    assertThat(measure(List.of()).latencyMillis()).isNull();
  }

  @Test
  void computesPercentiles() {
    for (int index = 1; index <= 1_000; index++) {
      add(1 + index / 1_000.0, index, OK);
    }

    assertThat(measure(List.of()).latencyMillis()).isNotNull().satisfies(latency -> {
      assertThat(latency.p50()).isEqualTo(500, within(2.0));
      assertThat(latency.p99()).isEqualTo(990, within(2.0));
      assertThat(latency.p999()).isEqualTo(999, within(2.0));
    });
  }

  private void add(double dueSeconds, long latencyMillis, Outcome outcome) {
    long due = Math.round(dueSeconds * SECOND);
    operations.add(
        new Operation(
            operations.size(), 1, "s", Call.SHOW, null, due, due, due + latencyMillis * 1_000_000, outcome, "n1"));
  }

  /** The measured part is from second 1 to second 3. */
  private Measurement measure(List<Long> shed) {
    History history = new History("redis", null, 1, List.of("n1"), operations, List.of());
    return Measurement.of(history, new Measured(SECOND, 3 * SECOND, shed), 500);
  }
}
