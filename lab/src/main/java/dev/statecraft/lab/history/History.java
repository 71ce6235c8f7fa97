package dev.statecraft.lab.history;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that a judge may look at: every operation of a run, in the order of {@link Operation#id()}, and the faults.
 *
 * @param strategy the session strategy that was under test
 * @param reads the read guarantee of {@code replicated}, otherwise null
 */
public record History(
    String strategy, @Nullable String reads, long seed, List<String> nodes, List<Operation> operations,
    List<FaultEvent> faults) {

  public History {
    nodes = List.copyOf(nodes);
    operations = List.copyOf(operations);
    faults = List.copyOf(faults);
  }
}
