package dev.statecraft.session.replicated.raft.membership;

import com.google.errorprone.annotations.concurrent.GuardedBy;
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
 * The votes of one election round. Each vote tells the end of its voter's log and the configuration in it. The winner's
 * log must be at least as up to date as that of each voter counted for it, and those voters must be a majority of the
 * configuration in the winner's <em>own</em> log. So it has won as a candidate of Raft would (section 5.4.1), no matter
 * which member collected the votes. Thread-safe.
 */
public final class Ballot {
  private final long term;
  @GuardedBy("this")
  private final Set<String> awaited;
  @GuardedBy("this")
  private final List<Vote> votes = new ArrayList<>();
  private final CompletableFuture<Void> complete = new CompletableFuture<>();

  /** The answer of one member, which answers one request in a term. */
  public record Vote(Address voter, String id, long lastTerm, long lastIndex, Configuration configuration) {
    boolean isAheadOf(Vote other) {
      return BY_LOG.compare(this, other) > 0;
    }

    private static final Comparator<Vote> BY_LOG = Comparator.comparingLong(Vote::lastTerm)
        .thenComparingLong(Vote::lastIndex);
  }

  /**
   * Starts a round.
   *
   * @param awaited ids of the members whose votes end the wait; other votes count if they arrive in time
   */
  public Ballot(long term, Collection<String> awaited) {
    this.term = term;
    this.awaited = new HashSet<>(awaited);
    if (this.awaited.isEmpty()) {
      complete.complete(null);
    }
  }

  public long term() {
    return term;
  }

  public synchronized void add(Vote vote) {
    if (votes.stream().noneMatch(each -> each.id().equals(vote.id()))) {
      votes.add(vote);
    }
    awaited.remove(vote.id());
    if (awaited.isEmpty()) {
      complete.complete(null);
    }
  }

  /** Waits until all awaited members have voted, or for {@code millis}. */
  public void await(long millis) throws InterruptedException {
    try {
      complete.get(millis, TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      return;
    }
  }

  public synchronized List<Vote> votes() {
    return List.copyOf(votes);
  }

  /** The winner, if there is one; of several, one whose log is the most up to date. */
  public static Optional<Vote> winner(Collection<Vote> votes) {
    return votes.stream()
        .sorted(Vote.BY_LOG.reversed())
        .filter(candidate -> candidate.configuration().contains(candidate.id()))
        .filter(candidate -> votes.stream()
            .filter(vote -> candidate.configuration().contains(vote.id()) && !vote.isAheadOf(candidate))
            .map(Vote::id)
            .distinct()
            .count() >= candidate.configuration().majority())
        .findFirst();
  }
}
