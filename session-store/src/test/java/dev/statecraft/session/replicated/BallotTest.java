package dev.statecraft.session.replicated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.session.replicated.Ballot.Vote;
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
  void theLongestLogOfAMajorityWins() {
    assertThat(winner(vote("a", 1, 5, "a", "b", "c"), vote("b", 2, 3, "a", "b", "c"))).contains("b");
    assertThat(winner(vote("a", 2, 5, "a", "b", "c"), vote("b", 2, 3, "a", "b", "c"))).contains("a");
  }

  @Test
  void aloneNobodyWins() {
    assertThat(winner(vote("a", 1, 5, "a", "b", "c"))).isEmpty();
    assertThat(winner(vote("a", 1, 5, "a"))).contains("a");
  }

  @Test
  void theFormerDiskIsNotCountedForTheNewOne() {
    // b lags and knows the former a only; the new a, who is not a member yet, makes no majority with it.
    assertThat(winner(vote("b@1", 1, 5, "a@1", "b@1", "c@1"), vote("a@2", 1, 5, "a@1", "b@1", "c@1"))).isEmpty();
  }

  @Test
  void aMajorityIsOneOfTheWinnersOwnConfiguration() {
    // The group grew to four and then to five on a, d and e; b has heard of four, and c of three.
    Vote b = vote("b", 1, 2, "a", "b", "c", "d");
    Vote c = vote("c", 1, 1, "a", "b", "c");
    assertThat(winner(b, c)).as("two of three by the one, two of four by the other").isEmpty();
    // What lags is led by what does not, though it does not know it.
    assertThat(winner(vote("c@1", 2, 4, "b@1", "c@1"), vote("a@2", 2, 5, "a@2", "b@1", "c@1"))).contains("a@2");
  }

  @Test
  void whoIsNoMemberDoesNotLeadHoweverLongItsLog() {
    assertThat(
        winner(
            vote("d", 9, 99, "a", "b", "c"), vote("a", 1, 1, "a", "b", "c"), vote("b", 1, 1, "a", "b", "c")))
        .contains("a");
  }

  @Test
  void nobodyWinsByTheVotesOfThoseWhoAreAhead() {
    // a is in no position to lead b, who knows more but is not in its own configuration.
    assertThat(winner(vote("a", 1, 1, "a", "b", "c"), vote("b", 1, 3, "a", "c"))).isEmpty();
  }
}
