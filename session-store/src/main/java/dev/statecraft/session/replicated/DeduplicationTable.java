package dev.statecraft.session.replicated;

import dev.statecraft.session.replicated.Outcome.Verdict;
import dev.statecraft.session.replicated.wire.WireReader;
import dev.statecraft.session.replicated.wire.WireWriter;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Outcomes of requests that must not be applied twice, by origin and sequence number. Each proposal names the oldest
 * request that its origin still waits for; older outcomes are dropped. The outcomes of an origin that has died are
 * dropped after {@link #WINDOW} more log entries. A copy that arrives later is stale, because its basis is as old. The
 * content depends on the log alone, so it is equal on every node.
 *
 * <p>Part of the state machine and of its snapshots; used by the apply thread only.
 */
final class DeduplicationTable {
  static final long WINDOW = 1 << 18;
  private static final long SWEEP_EVERY = 1 << 12;

  private final Map<Long, Origin> origins = new TreeMap<>();

  private static final class Origin {
    private final TreeMap<Long, Outcome> outcomes = new TreeMap<>();
    private long oldestOpen;
    private long lastIndex;
  }

  /** The outcome that this request already has; null if it must be applied now. */
  @Nullable
  Outcome outcomeOf(Proposal proposal, long index) {
    if (proposal.basis() < index - WINDOW) {
      return new Outcome(Verdict.STALE, index);
    }
    Origin origin = origins.computeIfAbsent(proposal.origin(), key -> new Origin());
    origin.lastIndex = index;
    if (proposal.oldestOpen() > origin.oldestOpen) {
      origin.oldestOpen = proposal.oldestOpen();
      origin.outcomes.headMap(origin.oldestOpen).clear();
    }
    if (proposal.sequence() < origin.oldestOpen) {
      return new Outcome(Verdict.STALE, index);
    }
    return origin.outcomes.get(proposal.sequence());
  }

  void remember(Proposal proposal, Outcome outcome) {
    Origin origin = origins.get(proposal.origin());
    if (origin != null) {
      origin.outcomes.put(proposal.sequence(), outcome);
    }
  }

  /** Drops outcomes older than the window. Called at every index; sweeps at every {@link #SWEEP_EVERY}th. */
  void sweep(long index) {
    if (index % SWEEP_EVERY != 0) {
      return;
    }
    long oldest = index - WINDOW;
    origins.values().removeIf(origin -> origin.lastIndex < oldest);
    origins.values().forEach(origin -> origin.outcomes.values().removeIf(outcome -> outcome.index() < oldest));
  }

  int size() {
    return origins.values().stream().mapToInt(origin -> origin.outcomes.size()).sum();
  }

  void writeTo(WireWriter out) {
    out.number(origins.size());
    origins.forEach((id, origin) -> {
      out.fixed(id).number(origin.oldestOpen).number(origin.lastIndex).number(origin.outcomes.size());
      origin.outcomes
          .forEach(
              (sequence, outcome) -> out.number(sequence).octet(outcome.verdict().code()).number(outcome.index()));
    });
  }

  void readFrom(WireReader in) {
    origins.clear();
    for (int left = in.count(); left > 0; left--) {
      Origin origin = new Origin();
      origins.put(in.fixed(), origin);
      origin.oldestOpen = in.number();
      origin.lastIndex = in.number();
      for (int outcomes = in.count(); outcomes > 0; outcomes--) {
        origin.outcomes.put(in.number(), new Outcome(Verdict.ofCode(in.octet()), in.number()));
      }
    }
  }
}
