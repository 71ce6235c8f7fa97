package dev.statecraft.lab.checker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.checker.SimulatedClients.Service;
import dev.statecraft.lab.checker.anomaly.Anomaly;
import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import dev.statecraft.lab.history.History;
import dev.statecraft.lab.history.Operation;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

/**
 * Five strategies with a planted bug. The checker must report each bug as the right anomaly, with a counterexample, in
 * every run, within {@link Checker#MIN_OPERATIONS} operations, and must report nothing without the bug.
 */
class NegativeControlsTest {
  enum Control {
    ACKNOWLEDGES_BEFORE_IT_STORES("replicated", "linearizable", null, AnomalyKind.LOST_ACKNOWLEDGED_WRITE),
    REPLICATES_LATE("replicated", "session", null, AnomalyKind.READ_YOUR_WRITES),
    WRITES_WHAT_IT_READ("redis", null, "compare-and-set", AnomalyKind.LOST_UPDATE),
    FORGETS_DELETES("replicated", "linearizable", null, AnomalyKind.RESURRECTION),
    LETS_A_WIPED_NODE_VOTE("replicated", "linearizable", null, AnomalyKind.LOST_ACKNOWLEDGED_WRITE);

    private final String strategy;
    private final @Nullable String reads;
    private final @Nullable String writes;
    private final AnomalyKind caughtAs;

    Control(String strategy, @Nullable String reads, @Nullable String writes, AnomalyKind caughtAs) {
      this.strategy = strategy;
      this.reads = reads;
      this.writes = writes;
      this.caughtAs = caughtAs;
    }

    private Service service(SimulatedClients clients, boolean broken) {
      return switch (this) {
        case ACKNOWLEDGES_BEFORE_IT_STORES -> new SimulatedStrategies.StoresLate(clients, broken);
        case REPLICATES_LATE -> new SimulatedStrategies.ReplicatesLate(clients, broken);
        case WRITES_WHAT_IT_READ -> new SimulatedStrategies.WritesWhatItRead(clients, broken);
        case FORGETS_DELETES -> new SimulatedStrategies.ForgetsDeletes(clients, broken);
        case LETS_A_WIPED_NODE_VOTE -> new SimulatedStrategies.WipedNodeVotes(clients, broken);
      };
    }

    History run(long seed, int operations, boolean broken) {
      SimulatedClients clients = new SimulatedClients(seed, operations);
      return clients.run(service(clients, broken), strategy, reads, writes);
    }
  }

  @Property(generation = GenerationMode.EXHAUSTIVE)
  void catchesEveryPlantedBug(@ForAll Control control, @ForAll @IntRange(max = 19) int seed) {
    History history = control.run(seed, Checker.MIN_OPERATIONS, true);
    CheckResult result = check(history);
    Anomaly caught = result.broken().stream().filter(anomaly -> anomaly.kind() == control.caughtAs).findFirst()
        .orElseThrow(() -> new AssertionError(control + ": not caught, but " + result));

    assertThat(caught.operations()).hasSizeBetween(2, 4)
        .allSatisfy(operation -> assertThat(history.operations()).contains(operation));
    assertThat(caught.explanation()).isNotBlank();
    assertThat(operationsNeeded(control, history, result)).isLessThanOrEqualTo(Checker.MIN_OPERATIONS);
  }

  @Property(generation = GenerationMode.EXHAUSTIVE)
  void findsNothingWithoutTheBugs(@ForAll Control control, @ForAll @IntRange(max = 9) int seed) {
    CheckResult result = check(control.run(seed, 2 * Checker.MIN_OPERATIONS, false));
    assertThat(result.verdict().anomalies()).isEmpty();
  }

  @Property(generation = GenerationMode.EXHAUSTIVE)
  void lastWriteWinsIsDocumentedForRedis(@ForAll @IntRange(max = 19) int seed) {
    SimulatedClients clients = new SimulatedClients(seed, Checker.MIN_OPERATIONS);
    History history = clients.run(
        new SimulatedStrategies.WritesWhatItRead(clients, true), "redis", null, null);
    CheckResult result = check(history);
    assertThat(result.broken()).isEmpty();
    assertThat(result.verdict().count(AnomalyKind.LOST_UPDATE)).isPositive();
  }

  /** The number of operations invoked before the first counterexample completed. */
  private static int operationsNeeded(Control control, History history, CheckResult result) {
    long shown = result.broken().stream().filter(anomaly -> anomaly.kind() == control.caughtAs)
        .mapToLong(anomaly -> anomaly.operations().stream().mapToLong(Operation::completed).max().orElseThrow()).min()
        .orElseThrow();
    return (int) history.operations().stream().filter(operation -> operation.invoked() <= shown).count();
  }

  private static CheckResult check(History history) {
    return new Checker(TestFaults::effects).check(history);
  }
}
