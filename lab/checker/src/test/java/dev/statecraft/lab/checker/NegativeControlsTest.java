package dev.statecraft.lab.checker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.checker.SimulatedClients.Service;
import dev.statecraft.lab.checker.anomaly.Anomaly;
import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import dev.statecraft.lab.checker.linearizability.Linearization.Bound;
import dev.statecraft.lab.history.History;
import dev.statecraft.lab.history.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Five strategies with a planted bug. Each must be caught by the right verdict, with its counterexample, in every run,
 * within {@link Guarantees#CONTROLS_NEED} operations; and the same strategy without the bug must not be accused.
 */
class NegativeControlsTest {
  private static final int RUNS = 20;

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

  @ParameterizedTest
  @EnumSource(Control.class)
  void aPlantedBugIsCaughtInEveryRun(Control control) throws IOException {
    List<Integer> needed = new ArrayList<>();
    for (int seed = 0; seed < RUNS; seed++) {
      History history = control.run(seed, Guarantees.CONTROLS_NEED, true);
      GuaranteeResult judgement = judge(history);
      Anomaly caught = judgement.broken().stream().filter(anomaly -> anomaly.kind() == control.caughtAs).findFirst()
          .orElseThrow(() -> new AssertionError(control + ": not caught with this seed, but " + judgement));
      assertThat(caught.operations()).as("seed %d", seed).hasSizeBetween(2, 4)
          .allSatisfy(operation -> assertThat(history.operations()).contains(operation));
      assertThat(caught.explanation()).isNotBlank();
      needed.add(operationsNeeded(control, history));
    }
    Path file = Files.createDirectories(Path.of("target", "negative-controls")).resolve(control + ".txt");
    Files.writeString(file, "caught as " + control.caughtAs.field() + " after " + needed + " operations\n");
    assertThat(needed).allSatisfy(count -> assertThat(count).isLessThanOrEqualTo(Guarantees.CONTROLS_NEED));
  }

  @ParameterizedTest
  @EnumSource(Control.class)
  void theSameStrategyWithoutTheBugIsNotAccused(Control control) {
    for (int seed = 0; seed < RUNS; seed++) {
      GuaranteeResult judgement = judge(control.run(seed, 2 * Guarantees.CONTROLS_NEED, false));
      assertThat(judgement.verdict().anomalies()).as("seed %d", seed).isEmpty();
    }
  }

  @Test
  void lastWriteWinsIsDocumentedForRedisHoweverItsClientsRace() {
    int seen = 0;
    for (int seed = 0; seed < 5 * RUNS; seed++) {
      SimulatedClients clients = new SimulatedClients(seed, Guarantees.CONTROLS_NEED);
      History history = clients.run(new SimulatedStrategies.WritesWhatItRead(clients, true), "redis", null, null);
      GuaranteeResult judgement = judge(history);
      assertThat(judgement.broken()).as("seed %d", seed).isEmpty();
      seen += judgement.verdict().count(AnomalyKind.LOST_UPDATE) > 0 ? 1 : 0;
    }
    assertThat(seen).isEqualTo(5 * RUNS);
  }

  /** How many operations had begun when the last of the first counterexample was over. */
  private static int operationsNeeded(Control control, History history) {
    long shown = judge(history).broken().stream().filter(anomaly -> anomaly.kind() == control.caughtAs)
        .mapToLong(anomaly -> anomaly.operations().stream().mapToLong(Operation::completed).max().orElseThrow()).min()
        .orElseThrow();
    return (int) history.operations().stream().filter(operation -> operation.invoked() <= shown).count();
  }

  private static GuaranteeResult judge(History history) {
    return Guarantees.judgeFully(history, Bound.USUAL).judgement();
  }
}
