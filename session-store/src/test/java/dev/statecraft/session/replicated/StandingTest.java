package dev.statecraft.session.replicated;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class StandingTest {
  private final Identity a = Identity.fresh("a");
  private final Identity b = Identity.fresh("b");
  private final Identity c = Identity.fresh("c");
  private final Map<String, UUID> roster = Map.of("a", a.incarnation(), "b", b.incarnation(), "c", c.incarnation());
  private final Configuration group = Configuration.of(roster);

  @Test
  void aMemberThatSeesAMajorityAndALeaderTakesPart() {
    assertThat(of(a, 3, true).whyNotTakingPart()).isEmpty();
    assertThat(of(a, 2, true).whyNotTakingPart()).isEmpty();
  }

  @Test
  void aMinorityCannotDecide() {
    assertThat(of(a, 1, true).whyNotTakingPart()).hasValue("sees 1 of 3 members, too few to decide");
  }

  @Test
  void withoutALeaderNothingIsDecided() {
    assertThat(of(a, 3, false).whyNotTakingPart()).hasValue("the group has no leader");
  }

  @Test
  void aLostMinorityOfDisksIsNamedAndKeepsNobody() {
    assertThat(of(a, 1, false, a, Identity.fresh("b")).whyNotTakingPart()).hasValue(
        "sees 1 of 3 members, too few to decide. The former disks of [b] are gone; the others can go on without them");
  }

  @Test
  void aLostMajorityOfDisksIsSaidToBeALoss() {
    assertThat(of(a, 1, false, Identity.fresh("c"), a, Identity.fresh("b")).whyNotTakingPart()).hasValueSatisfying(
        why -> assertThat(why)
            .startsWith(
                "sees 1 of 3 members, too few to decide. The former disks of [b, c] are gone, which is a majority")
            .contains("may be lost with them"));
  }

  @Test
  void noDiskIsCalledLostWhileAMajorityIsThereNorThatOfAStranger() {
    assertThat(of(a, 2, true, a, b, Identity.fresh("c")).whyNotTakingPart()).isEmpty();
    assertThat(of(a, 1, true, a, b, Identity.fresh("d")).whyNotTakingPart())
        .hasValue("sees 1 of 3 members, too few to decide");
  }

  @Test
  void aNewDiskDoesNotCountBeforeItIsTakenIn() {
    Identity back = Identity.fresh("a");
    String first = "its disk is new to the group, which must take it in as a new member before it counts; ";

    assertThat(of(back, 2, true, back).whyNotTakingPart()).hasValue(first + "the leader is about to");
    assertThat(of(back, 2, false, back).whyNotTakingPart()).hasValue(first + "the group has no leader");
    assertThat(of(back, 1, false, back).whyNotTakingPart())
        .hasValue(first + "sees 1 of 3 members, too few to decide");
  }

  @Test
  void aNewDiskCountsOnlyOnceItsAdmissionIsCommitted() {
    Identity back = Identity.fresh("a");
    Configuration without = group.without(a.id().toString());
    Configuration with = without.with(back.id().toString());

    assertThat(new Standing(back.id(), with, without, 3, true, List.of()).whyNotTakingPart()).isPresent();
    assertThat(new Standing(back.id(), with, with, 3, true, List.of()).whyNotTakingPart()).isEmpty();
  }

  @Test
  void beforeTheGroupIsFoundedItSaysWhomOrWhatItWaitsFor() {
    assertThat(Standing.unfounded(new TreeSet<>(roster.keySet()), new TreeSet<>(List.of("b"))))
        .isEqualTo("the group is not founded yet; it needs all of [a, b, c], has heard of [b]");
    assertThat(Standing.unfounded("all disks are empty"))
        .isEqualTo("the group is not founded yet: all disks are empty");
  }

  private Standing of(Identity self, long inView, boolean hasLeader, Identity... disks) {
    return new Standing(self.id(), group, group, inView, hasLeader, List.of(disks));
  }
}
