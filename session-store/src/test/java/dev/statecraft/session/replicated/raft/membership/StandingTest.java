package dev.statecraft.session.replicated.raft.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class StandingTest {
  private static final String NO_MAJORITY = "no majority: connected to 1 of 3 members";

  private final Identity a = Identity.fresh("a");
  private final Identity b = Identity.fresh("b");
  private final Identity c = Identity.fresh("c");
  private final Map<String, UUID> roster = Map.of("a", a.incarnation(), "b", b.incarnation(), "c", c.incarnation());
  private final Configuration group = Configuration.of(roster);

  @Test
  void takesPartWithMajorityAndLeader() {
    assertThat(of(a, 3, true).unavailableReason()).isEmpty();
    assertThat(of(a, 2, true).unavailableReason()).isEmpty();
  }

  @Test
  void reportsMissingMajority() {
    assertThat(of(a, 1, true).unavailableReason()).hasValue(NO_MAJORITY);
  }

  @Test
  void reportsMissingLeader() {
    assertThat(of(a, 3, false).unavailableReason()).hasValue("the group has no leader");
  }

  @Test
  void reportsLostMinorityOfDisks() {
    assertThat(of(a, 1, false, a, Identity.fresh("b")).unavailableReason()).hasValue(
        NO_MAJORITY + ". The previous disks of [b] are lost; the other members can continue without them");
  }

  @Test
  void reportsLostMajorityOfDisksAsDataLoss() {
    assertThat(of(a, 1, false, Identity.fresh("c"), a, Identity.fresh("b")).unavailableReason()).hasValueSatisfying(
        why -> assertThat(why)
            .startsWith(NO_MAJORITY + ". The previous disks of [b, c] are lost, a majority")
            .contains("writes may be lost"));
  }

  @Test
  void reportsNoLostDiskWithMajorityOrOfNonMember() {
    assertThat(of(a, 2, true, a, b, Identity.fresh("c")).unavailableReason()).isEmpty();
    assertThat(of(a, 1, true, a, b, Identity.fresh("d")).unavailableReason())
        .hasValue(NO_MAJORITY);
  }

  @Test
  void newDiskWaitsUntilLeaderAddsIt() {
    Identity back = Identity.fresh("a");
    String first = "new disk: the leader must add this node as a new member first; ";

    assertThat(of(back, 2, true, back).unavailableReason()).hasValue(first + "waiting for the leader");
    assertThat(of(back, 2, false, back).unavailableReason()).hasValue(first + "the group has no leader");
    assertThat(of(back, 1, false, back).unavailableReason())
        .hasValue(first + NO_MAJORITY);
  }

  @Test
  void newDiskTakesPartOnceItsAdditionIsCommitted() {
    Identity back = Identity.fresh("a");
    Configuration without = group.without(a.id().toString());
    Configuration with = without.with(back.id().toString());

    assertThat(new Standing(back.id(), with, without, 3, true, List.of()).unavailableReason()).isPresent();
    assertThat(new Standing(back.id(), with, with, 3, true, List.of()).unavailableReason()).isEmpty();
  }

  @Test
  void reportsWhatFoundingWaitsFor() {
    assertThat(Standing.unfounded(new TreeSet<>(roster.keySet()), new TreeSet<>(List.of("b"))))
        .isEqualTo("group not founded yet: needs all of [a, b, c], connected to [b]");
    assertThat(Standing.unfounded("all disks are empty"))
        .isEqualTo("group not founded yet: all disks are empty");
  }

  private Standing of(Identity self, long inView, boolean hasLeader, Identity... disks) {
    return new Standing(self.id(), group, group, inView, hasLeader, List.of(disks));
  }
}
