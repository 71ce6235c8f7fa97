package dev.statecraft.session.replicated;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jgroups.Address;

/**
 * The votes of one round. Each tells how far its voter's log reaches and which configuration is in it. Whoever leads
 * must be at least as far as each voter that it counts, and count a majority of the configuration in its <em>own</em>
 * log: then it has won as a candidate of Raft would have (section 5.4.1), whoever collected the votes. Thread-safe.
 */
final class Ballot {
  private final long term;
  private final Set<String> awaited;
  private final List<Vote> votes = new ArrayList<>();
  private final CompletableFuture<Void> complete = new CompletableFuture<>();

  /** What a member answers; it answers one request in a term. */
  record Vote(Address voter, String id, long lastTerm, long lastIndex, Configuration configuration) {
    boolean isAheadOf(Vote other) {
      return LOG.compare(this, other) > 0;
    }

    private static final Comparator<Vote> LOG = Comparator.comparingLong(Vote::lastTerm)
        .thenComparingLong(Vote::lastIndex);
  }

  /**
   * A round.
   *
   * @param awaited whose votes it waits for; others are counted if they come
   */
  Ballot(long term, Collection<String> awaited) {
    this.term = term;
    this.awaited = new HashSet<>(awaited);
    if (this.awaited.isEmpty()) {
      complete.complete(null);
    }
  }

  long term() {
    return term;
  }

  synchronized void add(Vote vote) {
    if (votes.stream().noneMatch(each -> each.id().equals(vote.id()))) {
      votes.add(vote);
    }
    awaited.remove(vote.id());
    if (awaited.isEmpty()) {
      complete.complete(null);
    }
  }

  /** Waits until all have voted, or so long. */
  void await(long millis) throws InterruptedException {
    try {
      complete.get(millis, TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      return;
    }
  }

  synchronized List<Vote> votes() {
    return List.copyOf(votes);
  }

  /** Who has won, if anybody has; of several, one with the longest log. */
  static Optional<Vote> winner(Collection<Vote> votes) {
    return votes.stream()
        .sorted(Vote.LOG.reversed())
        .filter(candidate -> candidate.configuration().contains(candidate.id()))
        .filter(candidate -> votes.stream()
            .filter(vote -> candidate.configuration().contains(vote.id()) && !vote.isAheadOf(candidate))
            .map(Vote::id)
            .distinct()
            .count() >= candidate.configuration().majority())
        .findFirst();
  }
}
