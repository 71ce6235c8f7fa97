package dev.statecraft.session.replicated.raft.membership;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.session.replicated.consensus.GroupSettings.StartMode;
import dev.statecraft.session.replicated.raft.membership.Founding.Step.Next;
import dev.statecraft.session.replicated.raft.membership.Founding.Step.Refused;
import dev.statecraft.session.replicated.raft.membership.Founding.Step.Waits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;
import org.junit.jupiter.api.Test;

class FoundingTest {
  private static final Set<String> ALL = Set.of("a", "b", "c");

  private final Identity a = Identity.fresh("a");
  private final Identity b = Identity.fresh("b");
  private final Identity c = Identity.fresh("c");
  private final Map<String, UUID> roster = Map.of("a", a.incarnation(), "b", b.incarnation(), "c", c.incarnation());

  private static Map<String, Founding.News> heard(Identity... others) {
    Map<String, Founding.News> news = new HashMap<>();
    for (Identity other : others) {
      news.put(other.name(), news(other));
    }
    return news;
  }

  private static Founding.News news(Identity other) {
    return new Founding.News(other, other.founded() ? other.roster().keySet() : Set.of());
  }

  private static Founding.Step step(Identity self, Identity... others) {
    return Founding.step(self, ALL, heard(others), StartMode.MAY_FOUND);
  }

  @Test
  void waitsForAllConfiguredMembers() {
    assertThat(step(a)).isEqualTo(new Next(a));
    assertThat(step(a, b)).isEqualTo(new Next(a));
  }

  @Test
  void foundsGroupInTwoPhases() {
    Identity accepted = a.accepting(roster);
    assertThat(step(a, b, c)).isEqualTo(new Next(accepted));
    assertThat(step(accepted, b, c.accepting(roster))).isEqualTo(new Next(accepted));
    assertThat(step(accepted, b.accepting(roster), c.accepting(roster))).isEqualTo(new Next(a.foundedWith(roster)));
  }

  @Test
  void restartedMemberLearnsThatGroupIsFounded() {
    assertThat(step(a, b.foundedWith(roster))).isEqualTo(new Next(a.foundedWith(roster)));
  }

  @Test
  void emptyDiskJoinsUnderItsOwnIncarnation() {
    Identity back = Identity.fresh("a");
    assertThat(step(back, b.foundedWith(roster))).isEqualTo(new Next(back.foundedWith(roster)));
    assertThat(Configuration.of(roster).contains(back.id().toString())).as("counts as the previous disk").isFalse();
  }

  @Test
  void emptyDiskWaitsIfFoundingIsUnknown() {
    Identity back = Identity.fresh("a");
    assertThat(step(back, b.accepting(roster), Identity.fresh("c")))
        .isInstanceOfSatisfying(Waits.class, waits -> assertThat(waits.reason()).contains("another disk"));
    assertThat(step(back, b.accepting(roster), c.foundedWith(roster))).isEqualTo(new Next(back.foundedWith(roster)));
  }

  @Test
  void emptyDisksWaitIfTheyMayNotFound() {
    assertThat(Founding.step(a, ALL, heard(b, c), StartMode.MAY_NOT_FOUND))
        .isInstanceOfSatisfying(Waits.class, waits -> assertThat(waits.reason()).contains("its data is lost"));
    assertThat(Founding.step(a, ALL, heard(b.foundedWith(roster)), StartMode.MAY_NOT_FOUND))
        .isEqualTo(new Next(a.foundedWith(roster)));
  }

  @Test
  void foundedMemberIgnoresOtherRoster() {
    Identity stranger = Identity.fresh("b").accepting(Map.of("a", UUID.randomUUID(), "b", b.incarnation()));
    Identity founded = a.foundedWith(roster);
    assertThat(step(founded, stranger)).isEqualTo(new Next(founded));
  }

  @Test
  void rejectsConfigurationWithoutMemberOfGroup() {
    assertThat(
        Founding.step(Identity.fresh("d"), Set.of("a", "b", "d"), heard(b.foundedWith(roster)), StartMode.MAY_FOUND))
        .isInstanceOf(Refused.class);
    assertThat(Founding.step(a.accepting(roster), Set.of("a", "b", "d"), Map.of(), StartMode.MAY_FOUND))
        .isInstanceOf(Refused.class);
  }

  @Test
  void joiningNodeWaitsForFoundedGroup() {
    Set<String> four = Set.of("a", "b", "c", "d");
    Identity d = Identity.fresh("d");
    assertThat(Founding.step(d, four, heard(a, b, c), StartMode.JOINS)).isInstanceOf(Waits.class);
    assertThat(Founding.step(d, four, heard(a.accepting(roster), b.accepting(roster)), StartMode.JOINS))
        .isInstanceOf(Waits.class);
    assertThat(Founding.step(d, four, heard(a.foundedWith(roster)), StartMode.JOINS))
        .isEqualTo(new Next(d.foundedWith(roster)));
  }

  @Test
  void nodeWithLongerMemberListJoins() {
    Identity d = Identity.fresh("d");
    assertThat(Founding.step(d, Set.of("a", "b", "c", "d", "e"), heard(a.foundedWith(roster)), StartMode.MAY_FOUND))
        .isEqualTo(new Next(d.foundedWith(roster)));
  }

  @Test
  void joiningNodeMustListFoundersOrCurrentMembers() {
    Identity e = Identity.fresh("e");
    Map<String, Founding.News> changed = Map
        .of("b", new Founding.News(b.foundedWith(roster), Set.of("b", "c", "d")));
    for (Set<String> enough : List.of(Set.of("a", "b", "c", "e"), Set.of("b", "c", "d", "e"))) {
      assertThat(Founding.step(e, enough, changed, StartMode.JOINS)).isEqualTo(new Next(e.foundedWith(roster)));
    }
    assertThat(Founding.step(e, Set.of("b", "c", "e"), changed, StartMode.JOINS)).isInstanceOf(Refused.class);
  }

  @Test
  void emptyDiskRejoinsGroupThatHasGrown() {
    Map<String, Founding.News> grown = Map
        .of("b", new Founding.News(b.foundedWith(roster), Set.of("a", "b", "c", "d", "e")));
    Identity back = Identity.fresh("a");
    assertThat(Founding.step(back, ALL, grown, StartMode.MAY_FOUND)).isEqualTo(new Next(back.foundedWith(roster)));
    Identity joiner = Identity.fresh("d");
    assertThat(Founding.step(joiner, Set.of("a", "b", "c", "d"), grown, StartMode.JOINS))
        .isEqualTo(new Next(joiner.foundedWith(roster)));
    assertThat(Founding.step(back, Set.of("a", "b", "x"), grown, StartMode.MAY_FOUND))
        .as("typing error in the member list").isInstanceOf(Refused.class);
  }

  @Test
  void emptyDiskRejoinsGroupThatHasShrunk() {
    Map<String, Founding.News> shrunk = Map.of("b", new Founding.News(b.foundedWith(roster), Set.of("b", "c")));
    Identity back = Identity.fresh("a");
    assertThat(Founding.step(back, ALL, shrunk, StartMode.MAY_FOUND)).isEqualTo(new Next(back.foundedWith(roster)));
  }

  /** Random deliveries, old announcements, restarts and lost disks, as long as one disk of the group is left. */
  @Property(tries = 1_500, shrinking = ShrinkingMode.OFF)
  @StatisticsReport(onFailureOnly = true)
  void foundsNoSecondGroupWhileOneDiskIsLeft(@ForAll Random random) {
    Statistics.label("group founded").collect(foundsGroup(random));
    Statistics.label("group founded").coverage(coverage -> coverage.check(true).count(count -> count > 300));
  }

  private static boolean foundsGroup(Random random) {
    List<String> names = List.of("a", "b", "c");
    Map<String, Identity> disks = new HashMap<>();
    names.forEach(name -> disks.put(name, Identity.fresh(name)));
    Map<String, Map<String, Identity>> heard = new HashMap<>();
    names.forEach(name -> heard.put(name, new HashMap<>()));
    List<Identity> news = new ArrayList<>(disks.values());
    Set<UUID> lost = new HashSet<>();
    Map<String, UUID> founded = Map.of();
    Set<UUID> belong = new HashSet<>();
    for (int i = 0; i < 150; i++) {
      String name = names.get(random.nextInt(3));
      int dice = random.nextInt(60);
      if (dice == 0
          && (founded.isEmpty()
              || Stream.concat(founded.values().stream(), belong.stream()).distinct()
                  .filter(disk -> !lost.contains(disk)).count() > 1)) {
        lost.add(disk(disks, name).incarnation());
        disks.put(name, Identity.fresh(name));
        heard.put(name, new HashMap<>());
      } else if (dice == 1) {
        heard.put(name, new HashMap<>());
      } else if (dice < 30) {
        int newest = random.nextInt(3) == 0 ? news.size() : Math.min(12, news.size());
        Identity old = news.get(news.size() - 1 - random.nextInt(newest));
        if (!old.name().equals(name)) {
          heard.computeIfAbsent(name, key -> new HashMap<>()).put(old.name(), old);
        }
      } else if (step(
          disk(disks, name),
          heard.getOrDefault(name, Map.of()).values().toArray(Identity[]::new)) instanceof Next(Identity next)) {
        disks.put(name, next);
        if (next.founded()) {
          if (!founded.isEmpty()) {
            assertThat(next.roster()).as("the one group").isEqualTo(founded);
          }
          founded = next.roster();
          belong.add(next.incarnation());
        }
      }
      news.add(disk(disks, name));
    }
    return !founded.isEmpty();
  }

  private static Identity disk(Map<String, Identity> disks, String name) {
    Identity identity = disks.get(name);
    if (identity == null) {
      throw new IllegalArgumentException(name);
    }
    return identity;
  }
}
