package dev.statecraft.lab.history;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The input of the checker: every operation of a run, in the order of {@link Operation#id()}, and the faults.
 *
 * @param strategy name of the session strategy under test
 * @param reads the read guarantee of {@code replicated}, otherwise null
 * @param writes how {@code redis} writes: null or {@code last-write-wins}, {@code compare-and-set} or {@code confirmed}
 * @param workload what the clients did, if a guarantee depends on it, for example {@code tabs} if clients share a
 * cookie jar
 * @param seed of the run's random choices
 * @param nodes the names of the stateful nodes, as {@code X-Served-By} gives them
 * @param sessionTimeoutMillis how long a session may be idle before it expires; null if no session can expire during
 * this run
 */
public record History(String strategy, @Nullable String reads, @Nullable String writes, @Nullable String workload,
    long seed, List<String> nodes, @Nullable Long sessionTimeoutMillis, List<Operation> operations,
    List<FaultEvent> faults) {
  public History {
    nodes = List.copyOf(nodes);
    operations = List.copyOf(operations);
    faults = List.copyOf(faults);
  }

  /** Makes a history in which no session can expire. */
  public History(String strategy, @Nullable String reads, long seed, List<String> nodes, List<Operation> operations,
      List<FaultEvent> faults) {
    this(strategy, reads, seed, nodes, null, operations, faults);
  }

  /** Makes a history with the default write mode and workload. */
  public History(String strategy, @Nullable String reads, long seed, List<String> nodes,
      @Nullable Long sessionTimeoutMillis, List<Operation> operations, List<FaultEvent> faults) {
    this(strategy, reads, null, null, seed, nodes, sessionTimeoutMillis, operations, faults);
  }
}
