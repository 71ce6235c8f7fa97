package dev.statecraft.session.replicated.raft.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReshapingTest {
  private static final Configuration THREE = Configuration.of(List.of("a@1", "b@1", "c@1"));

  @Test
  void removesLostDiskBeforeAddingReplacement() {
    Set<String> present = Set.of("a@2", "b@1", "c@1");
    Configuration two = Configuration.of(List.of("b@1", "c@1"));
    assertThat(Reshaping.next(THREE, present, List.of("a@2"))).contains(two);
    assertThat(Reshaping.next(two, present, List.of("a@2"))).contains(Configuration.of(List.of("a@2", "b@1", "c@1")));
  }

  @Test
  void keepsConnectedMemberWithSameName() {
    assertThat(Reshaping.next(THREE, Set.of("a@1", "a@2", "b@1", "c@1"), List.of("a@2"))).isEmpty();
  }

  @Test
  void changesNothingWithoutNewcomers() {
    assertThat(Reshaping.next(THREE, Set.of("b@1", "c@1"), List.of())).isEqualTo(Optional.empty());
    assertThat(Reshaping.next(THREE, Set.of("a@1", "b@1", "c@1"), List.of("b@1"))).isEmpty();
  }

  @Test
  void addsNodeWithNewName() {
    assertThat(Reshaping.next(THREE, Set.of("a@1", "b@1", "d@1"), List.of("d@1"))).contains(THREE.with("d@1"));
  }

  @Test
  void removesLeaverIfRemainingMembersHaveMajority() {
    assertThat(Reshaping.without("a@1", THREE, THREE.ids())).contains(THREE.without("a@1"));
    assertThat(Reshaping.without("a@1", THREE.without("c@1"), Set.of("a@1", "b@1")))
        .as("one of two").contains(Configuration.of(List.of("b@1")));
    assertThat(Reshaping.without("a@1", THREE.with("d@1"), Set.of("a@1", "b@1", "c@1")))
        .as("one of four, with one disconnected").contains(Configuration.of(List.of("b@1", "c@1", "d@1")));
  }

  @Test
  void keepsLeaverIfRemainingMembersLackMajority() {
    assertThat(Reshaping.without("a@1", Configuration.of(List.of("a@1")), Set.of("a@1"))).isEmpty();
    assertThat(Reshaping.objection("a@1", Configuration.of(List.of("a@1")), Set.of("a@1")))
        .hasValueSatisfying(why -> assertThat(why).contains("only member"));
    assertThat(Reshaping.without("a@1", THREE, Set.of("a@1", "b@1"))).isEmpty();
    assertThat(Reshaping.objection("a@1", THREE, Set.of("a@1", "b@1")))
        .hasValue("no majority without it: 1 of the 2 other members are connected");
  }

  @Test
  void doesNotRemoveNonMember() {
    assertThat(Reshaping.without("a@2", THREE, THREE.ids())).isEmpty();
  }

  @Test
  void changesOneMemberAtATime() {
    Set<String> present = Set.of("a@2", "b@2", "c@1");
    Configuration now = THREE;
    for (int change = 0; change < 4; change++) {
      Configuration next = Reshaping.next(now, present, List.of("a@2", "b@2")).orElseThrow();
      Configuration before = now;
      assertThat(next.ids().stream().filter(id -> !before.contains(id)).count()
          + before.ids().stream().filter(id -> !next.contains(id)).count()).isEqualTo(1);
      now = next;
    }
    assertThat(now).isEqualTo(Configuration.of(List.of("a@2", "b@2", "c@1")));
  }
}
