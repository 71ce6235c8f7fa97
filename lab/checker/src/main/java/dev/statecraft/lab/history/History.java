package dev.statecraft.lab.history;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that a judge may look at: every operation of a run, in the order of {@link Operation#id()}, and the faults.
 *
 * @param strategy the session strategy that was under test
 * @param reads the read guarantee of {@code replicated}, otherwise null
 * @param writes how {@code redis} writes: null or {@code last-write-wins}, {@code compare-and-set} or {@code confirmed}
 * @param workload what the clients did, where a guarantee depends on it: {@code tabs} where clients share one cookie
 * jar
 * @param seed what the run's random choices were drawn from
 * @param nodes the names of the stateful nodes, as {@code X-Served-By} gives them
 * @param sessionTimeoutMillis how long a session may be idle before it expires, or null where none can in this run
 */
public record History(
    String strategy, @Nullable String reads, @Nullable String writes, @Nullable String workload, long seed,
    List<String> nodes, @Nullable Long sessionTimeoutMillis, List<Operation> operations, List<FaultEvent> faults) {

  public History {
    nodes = List.copyOf(nodes);
    operations = List.copyOf(operations);
    faults = List.copyOf(faults);
  }

  /** A history too short for a session to expire in. */
  public History(String strategy, @Nullable String reads, long seed, List<String> nodes, List<Operation> operations,
      List<FaultEvent> faults) {
    this(strategy, reads, seed, nodes, null, operations, faults);
  }

  /** A history in which writes and clients are as usual. */
  public History(String strategy, @Nullable String reads, long seed, List<String> nodes,
      @Nullable Long sessionTimeoutMillis, List<Operation> operations, List<FaultEvent> faults) {
    this(strategy, reads, null, null, seed, nodes, sessionTimeoutMillis, operations, faults);
  }
}
