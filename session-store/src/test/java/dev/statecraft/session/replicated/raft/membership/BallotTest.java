package dev.statecraft.session.replicated.raft.membership;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.session.replicated.raft.membership.Ballot.Vote;
import java.util.List;
import java.util.Optional;
import org.jgroups.util.UUID;
import org.junit.jupiter.api.Test;

class BallotTest {
  private static Vote vote(String id, long term, long index, String... configuration) {
    return new Vote(UUID.randomUUID(), id, term, index, Configuration.of(List.of(configuration)));
  }

  private static Optional<String> winner(Vote... votes) {
    return Ballot.winner(List.of(votes)).map(Vote::id);
  }

  @Test
  void mostUpToDateLogOfMajorityWins() {
    assertThat(winner(vote("a", 1, 5, "a", "b", "c"), vote("b", 2, 3, "a", "b", "c"))).contains("b");
    assertThat(winner(vote("a", 2, 5, "a", "b", "c"), vote("b", 2, 3, "a", "b", "c"))).contains("a");
  }

  @Test
  void winnerNeedsMajorityOfItsConfiguration() {
    assertThat(winner(vote("a", 1, 5, "a", "b", "c"))).isEmpty();
    assertThat(winner(vote("a", 1, 5, "a"))).contains("a");
  }

  @Test
  void previousDiskDoesNotCountForNewOne() {
    // b lags and knows only the previous disk of a. The new a is no member yet and makes no majority with b.
    assertThat(winner(vote("b@1", 1, 5, "a@1", "b@1", "c@1"), vote("a@2", 1, 5, "a@1", "b@1", "c@1"))).isEmpty();
  }

  @Test
  void majorityIsCountedInWinnersConfiguration() {
    // The group grew to four and then to five on a, d and e; b knows of four members, c of three.
    Vote b = vote("b", 1, 2, "a", "b", "c", "d");
    Vote c = vote("c", 1, 1, "a", "b", "c");
    assertThat(winner(b, c)).as("two of three for c, two of four for b").isEmpty();
    // c lags and does not know the new disk of a, which may lead.
    assertThat(winner(vote("c@1", 2, 4, "b@1", "c@1"), vote("a@2", 2, 5, "a@2", "b@1", "c@1"))).contains("a@2");
  }

  @Test
  void nonMemberDoesNotWinWithLongestLog() {
    assertThat(
        winner(
            vote("d", 9, 99, "a", "b", "c"), vote("a", 1, 1, "a", "b", "c"), vote("b", 1, 1, "a", "b", "c")))
        .contains("a");
  }

  @Test
  void votesOfMembersAheadDoNotCount() {
    // b has more entries than a, but is not in its own configuration.
    assertThat(winner(vote("a", 1, 1, "a", "b", "c"), vote("b", 1, 3, "a", "c"))).isEmpty();
  }
}
