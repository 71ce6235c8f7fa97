package dev.statecraft.session.replicated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.session.replicated.Founding.Part;
import dev.statecraft.session.replicated.Founding.Step.Next;
import dev.statecraft.session.replicated.Founding.Step.Refused;
import dev.statecraft.session.replicated.Founding.Step.Waits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
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
    return Founding.step(self, ALL, heard(others), Part.MAY_FOUND);
  }

  @Test
  void aLoneMemberWaits() {
    assertThat(step(a)).isEqualTo(new Next(a));
    assertThat(step(a, b)).isEqualTo(new Next(a));
  }

  @Test
  void allFreshMembersFoundAGroupInTwoPhases() {
    Identity accepted = a.accepting(roster);
    assertThat(step(a, b, c)).isEqualTo(new Next(accepted));
    assertThat(step(accepted, b, c.accepting(roster))).isEqualTo(new Next(accepted));
    assertThat(step(accepted, b.accepting(roster), c.accepting(roster))).isEqualTo(new Next(a.foundedWith(roster)));
  }

  @Test
  void aMemberThatCrashedWhileTheGroupWasFoundedLearnsIt() {
    assertThat(step(a, b.foundedWith(roster))).isEqualTo(new Next(a.foundedWith(roster)));
  }

  @Test
  void anEmptyDiskJoinsTheFoundedGroupUnderItsOwnIncarnation() {
    Identity back = Identity.fresh("a");
    assertThat(step(back, b.foundedWith(roster))).isEqualTo(new Next(back.foundedWith(roster)));
    assertThat(Configuration.of(roster).contains(back.id().toString())).as("counted for the former one").isFalse();
  }

  @Test
  void anEmptyDiskWaitsWhereNobodyKnowsWhetherTheGroupWasFounded() {
    Identity back = Identity.fresh("a");
    assertThat(step(back, b.accepting(roster), Identity.fresh("c")))
        .isInstanceOfSatisfying(Waits.class, waits -> assertThat(waits.reason()).contains("another disk"));
    assertThat(step(back, b.accepting(roster), c.foundedWith(roster))).isEqualTo(new Next(back.foundedWith(roster)));
  }

  @Test
  void emptyDisksFoundNothingWhereTheyMayNot() {
    assertThat(Founding.step(a, ALL, heard(b, c), Part.MAY_NOT_FOUND))
        .isInstanceOfSatisfying(Waits.class, waits -> assertThat(waits.reason()).contains("all that it held is lost"));
    assertThat(Founding.step(a, ALL, heard(b.foundedWith(roster)), Part.MAY_NOT_FOUND))
        .isEqualTo(new Next(a.foundedWith(roster)));
  }

  @Test
  void aFoundedMemberIsNotShakenByAStranger() {
    Identity stranger = Identity.fresh("b").accepting(Map.of("a", UUID.randomUUID(), "b", b.incarnation()));
    Identity founded = a.foundedWith(roster);
    assertThat(step(founded, stranger)).isEqualTo(new Next(founded));
  }

  @Test
  void aListThatLacksAMemberOfTheGroupIsRefused() {
    assertThat(Founding.step(Identity.fresh("d"), Set.of("a", "b", "d"), heard(b.foundedWith(roster)), Part.MAY_FOUND))
        .isInstanceOf(Refused.class);
    assertThat(Founding.step(a.accepting(roster), Set.of("a", "b", "d"), Map.of(), Part.MAY_FOUND))
        .isInstanceOf(Refused.class);
  }

  @Test
  void aMemberThatJoinsFoundsNothingAndWaitsForTheGroup() {
    Set<String> four = Set.of("a", "b", "c", "d");
    Identity d = Identity.fresh("d");
    assertThat(Founding.step(d, four, heard(a, b, c), Part.JOINS)).isInstanceOf(Waits.class);
    assertThat(Founding.step(d, four, heard(a.accepting(roster), b.accepting(roster)), Part.JOINS))
        .isInstanceOf(Waits.class);
    assertThat(Founding.step(d, four, heard(a.foundedWith(roster)), Part.JOINS))
        .isEqualTo(new Next(d.foundedWith(roster)));
  }

  @Test
  void aMemberOfALongerListJoinsTheGroupThatIsThere() {
    Identity d = Identity.fresh("d");
    assertThat(Founding.step(d, Set.of("a", "b", "c", "d", "e"), heard(a.foundedWith(roster)), Part.MAY_FOUND))
        .isEqualTo(new Next(d.foundedWith(roster)));
  }

  @Test
  void aMemberThatJoinsNamesAllThatFoundedOrAllThatAreThereNow() {
    Identity e = Identity.fresh("e");
    Map<String, Founding.News> changed = Map
        .of("b", new Founding.News(b.foundedWith(roster), Set.of("b", "c", "d")));
    for (Set<String> enough : List.of(Set.of("a", "b", "c", "e"), Set.of("b", "c", "d", "e"))) {
      assertThat(Founding.step(e, enough, changed, Part.JOINS)).isEqualTo(new Next(e.foundedWith(roster)));
    }
    assertThat(Founding.step(e, Set.of("b", "c", "e"), changed, Part.JOINS)).isInstanceOf(Refused.class);
  }

  @Test
  void anEmptyDiskOfAFounderOrMemberFindsBackToAGroupThatHasGrownMeanwhile() {
    Map<String, Founding.News> grown = Map
        .of("b", new Founding.News(b.foundedWith(roster), Set.of("a", "b", "c", "d", "e")));
    Identity back = Identity.fresh("a");
    assertThat(Founding.step(back, ALL, grown, Part.MAY_FOUND)).isEqualTo(new Next(back.foundedWith(roster)));
    Identity joiner = Identity.fresh("d");
    assertThat(Founding.step(joiner, Set.of("a", "b", "c", "d"), grown, Part.JOINS))
        .isEqualTo(new Next(joiner.foundedWith(roster)));
    assertThat(Founding.step(back, Set.of("a", "b", "x"), grown, Part.MAY_FOUND))
        .as("a typo").isInstanceOf(Refused.class);
  }

  @Test
  void anEmptyDiskFindsBackToAGroupThatHasShrunkMeanwhile() {
    Map<String, Founding.News> shrunk = Map.of("b", new Founding.News(b.foundedWith(roster), Set.of("b", "c")));
    Identity back = Identity.fresh("a");
    assertThat(Founding.step(back, ALL, shrunk, Part.MAY_FOUND)).isEqualTo(new Next(back.foundedWith(roster)));
  }

  /**
   * Any order of deliveries, of stale news, of restarts and of lost disks, as long as one disk that belongs to the
   * group is left.
   */
  @Test
  void neverAreTwoGroupsFoundedWhileADiskOfTheFirstIsLeft() {
    int groups = 0;
    for (int seed = 0; seed < 3_000; seed++) {
      groups += run(new Random(seed));
    }
    assertThat(groups).as("runs in which a group was founded").isGreaterThan(1_000);
  }

  private static int run(Random random) {
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
    return founded.isEmpty() ? 0 : 1;
  }

  private static Identity disk(Map<String, Identity> disks, String name) {
    Identity identity = disks.get(name);
    if (identity == null) {
      throw new IllegalArgumentException(name);
    }
    return identity;
  }
}
