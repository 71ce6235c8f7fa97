package dev.statecraft.session.replicated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.session.replicated.Founding.Step.Next;
import dev.statecraft.session.replicated.Founding.Step.Refused;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FoundingTest {
  private static final Set<String> ALL = Set.of("a", "b", "c");

  private final Identity a = Identity.fresh("a");
  private final Identity b = Identity.fresh("b");
  private final Identity c = Identity.fresh("c");
  private final Map<String, UUID> roster = Map.of("a", a.incarnation(), "b", b.incarnation(), "c", c.incarnation());

  @Test
  void aLoneMemberWaits() {
    assertThat(Founding.step(a, ALL, Map.of())).isEqualTo(new Next(a));
    assertThat(Founding.step(a, ALL, Map.of("b", b))).isEqualTo(new Next(a));
  }

  @Test
  void allFreshMembersFoundAGroupInTwoPhases() {
    Identity accepted = a.accepting(roster);
    assertThat(Founding.step(a, ALL, Map.of("b", b, "c", c))).isEqualTo(new Next(accepted));
    assertThat(Founding.step(accepted, ALL, Map.of("b", b, "c", c.accepting(roster)))).isEqualTo(new Next(accepted));
    assertThat(Founding.step(accepted, ALL, Map.of("b", b.accepting(roster), "c", c.accepting(roster))))
        .isEqualTo(new Next(a.foundedWith(roster)));
  }

  @Test
  void aMemberThatCrashedWhileTheGroupWasFoundedLearnsIt() {
    assertThat(Founding.step(a, ALL, Map.of("b", b.foundedWith(roster)))).isEqualTo(new Next(a.foundedWith(roster)));
  }

  @Test
  void aMemberThatLostItsDiskIsRefused() {
    Identity back = Identity.fresh("a");
    assertThat(Founding.step(back, ALL, Map.of("b", b.foundedWith(roster))))
        .isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.reason()).contains("lost its disk"));
  }

  @Test
  void aFoundedMemberIsNotShakenByAStranger() {
    Identity stranger = Identity.fresh("b").accepting(Map.of("a", UUID.randomUUID(), "b", b.incarnation()));
    Identity founded = a.foundedWith(roster);
    assertThat(Founding.step(founded, ALL, Map.of("b", stranger))).isEqualTo(new Next(founded));
  }

  @Test
  void otherMembersThanThoseItWasFoundedWithAreRefused() {
    assertThat(Founding.step(a.foundedWith(roster), Set.of("a", "b", "d"), Map.of())).isInstanceOf(Refused.class);
    assertThat(Founding.step(Identity.fresh("d"), Set.of("a", "b", "d"), Map.of("b", b.foundedWith(roster))))
        .isInstanceOf(Refused.class);
  }

  /** Any order of deliveries, of stale news, of restarts and of lost disks, as long as one disk of a group is left. */
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
    for (int i = 0; i < 150; i++) {
      String name = names.get(random.nextInt(3));
      int dice = random.nextInt(60);
      if (dice == 0
          && (founded.isEmpty() || founded.values().stream().filter(disk -> !lost.contains(disk)).count() > 1)) {
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
      } else if (Founding.step(disk(disks, name), ALL,
          heard.getOrDefault(name, Map.of())) instanceof Next(Identity next)) {
        disks.put(name, next);
        if (next.founded()) {
          if (!founded.isEmpty()) {
            assertThat(next.roster()).as("the one group").isEqualTo(founded);
          }
          founded = next.roster();
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
