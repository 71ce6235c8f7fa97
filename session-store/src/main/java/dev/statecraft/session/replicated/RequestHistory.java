package dev.statecraft.session.replicated;

import dev.statecraft.session.replicated.Outcome.Verdict;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what became of requests that must not be carried out twice. An origin waits for few requests at a time and
 * says below which number it waits for none, so little is kept; what an origin that died has left is dropped once the
 * log has grown by {@link #WINDOW} entries. A copy that arrives later than that is refused as stale, because its basis
 * is as old. All of it depends on the log alone, so every node remembers the same.
 *
 * <p>Part of the state machine and of its snapshots; used by the apply thread only.
 */
final class RequestHistory {
  static final long WINDOW = 1 << 18;
  private static final long SWEEP_EVERY = 1 << 12;

  private final Map<Long, Origin> origins = new TreeMap<>();

  private static final class Origin {
    private final TreeMap<Long, Outcome> outcomes = new TreeMap<>();
    private long oldestOpen;
    private long lastIndex;
  }

  /** The outcome that this request already has, or null where it is to be carried out now. */
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

  /** Drops what is older than the window. To be called at every index, by itself it does so at few. */
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
