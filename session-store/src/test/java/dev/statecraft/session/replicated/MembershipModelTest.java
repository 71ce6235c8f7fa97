package dev.statecraft.session.replicated;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jgroups.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random histories of votes, appends, crashes, wipes, joins and leaves among members whose logs are lists, by the very
 * rules of who wins ({@link Ballot}), who counts ({@link Configurations}) and what changes next ({@link Reshaping}).
 * Whoever is elected must have all that was ever committed (Raft's leader completeness), and no index may be committed
 * twice differently.
 */
class MembershipModelTest {
  private static final int STEPS = 600;

  private record Entry(long term, int value, @Nullable Configuration configuration) {}

  private static final class Broken extends RuntimeException {
    Broken(String what) {
      super(what);
    }
  }

  /** One disk and the process on it. */
  private static final class Disk {
    private final String id;
    private final Configurations configurations = new Configurations();
    private final List<Entry> log = new ArrayList<>();
    private long term;
    private int commit;
    private boolean up = true;
    private boolean leads;
    /** It has asked to be taken out. */
    private boolean leaves;
    private final Map<String, Integer> match = new HashMap<>();

    Disk(String id, Configuration founders) {
      this.id = id;
      configurations.begin(0, founders);
    }

    void append(Entry entry) {
      log.add(entry);
      if (entry.configuration() != null) {
        configurations.appended(log.size(), entry.configuration());
      }
    }

    long termAt(int index) {
      return index == 0 ? 0 : log.get(index - 1).term();
    }

    Ballot.Vote vote() {
      return new Ballot.Vote(UUID.randomUUID(), id, termAt(log.size()), log.size(), configurations.latest());
    }

    boolean isReady() {
      return up && configurations.at(commit).contains(id);
    }
  }

  @Test
  void noCommittedEntryIsLostWhileMembersAreWipedOneAfterTheOther() {
    int wiped = 0;
    int kept = 0;
    for (int seed = 0; seed < 3_000; seed++) {
      Model model = new Model(seed, seed % 3 == 0 ? 5 : 3, true);
      model.run();
      wiped += model.wipes;
      kept += model.committed.size();
    }
    assertThat(wiped).as("wipes").isGreaterThan(2_000);
    assertThat(kept).as("committed entries").isGreaterThan(20_000);
  }

  @Test
  void noCommittedEntryIsLostWhileMembersComeAndGo() {
    Map<String, Integer> seen = new TreeMap<>();
    for (int seed = 0; seed < 3_000; seed++) {
      Model model = new Model(seed, 1 + seed % 5, true).resizing();
      model.run();
      seen.merge("wipes", model.wipes, Integer::sum);
      seen.merge("committed entries", model.committed.size(), Integer::sum);
      seen.merge("members taken in", model.joined, Integer::sum);
      seen.merge("members that left", model.left, Integer::sum);
      seen.merge("leaders that left", model.leadersLeft, Integer::sum);
      seen.merge("members that came back", model.cameBack, Integer::sum);
      model.sizes.forEach(size -> seen.merge("of size " + size, 1, Integer::sum));
    }
    assertThat(seen).as("%s", seen).hasEntrySatisfying("wipes", count -> assertThat(count).isGreaterThan(1_000))
        .hasEntrySatisfying("committed entries", count -> assertThat(count).isGreaterThan(50_000))
        .hasEntrySatisfying("members taken in", count -> assertThat(count).isGreaterThan(2_000))
        .hasEntrySatisfying("members that left", count -> assertThat(count).isGreaterThan(1_000))
        .hasEntrySatisfying("leaders that left", count -> assertThat(count).isGreaterThan(400))
        .hasEntrySatisfying("members that came back", count -> assertThat(count).isGreaterThan(2_000))
        .containsKeys("of size 1", "of size 2", "of size 4", "of size 6");
  }

  @Test
  void theModelSeesWhatALeaderThatTakesOutSeveralAtOnceLoses() {
    int broken = 0;
    for (int seed = 0; seed < 3_000; seed++) {
      try {
        new Model(seed, 5, true).resizing().hasty().run();
      } catch (Broken expected) {
        broken++;
      }
    }
    assertThat(broken).as("histories in which something was lost").isPositive();
  }

  @Test
  void theModelSeesWhatAWipedMemberThatVotesAsBeforeLoses() {
    int broken = 0;
    for (int seed = 0; seed < 3_000; seed++) {
      try {
        new Model(seed, 3, false).run();
      } catch (Broken expected) {
        broken++;
      }
    }
    assertThat(broken).as("histories in which something was lost").isPositive();
  }

  /** One history. */
  private static final class Model {
    private final Map<String, Disk> disks = new TreeMap<>();
    private final List<Entry> committed = new ArrayList<>();
    private final Random random;
    private final boolean disksCount;
    private final Configuration founders;
    private int lastDisk = 1;
    private int values;
    private int wipes;
    private boolean resizes;
    private boolean hasty;
    private int joined;
    private int left;
    private int leadersLeft;
    private int cameBack;
    private final Set<Integer> sizes = new TreeSet<>();

    Model(long seed, int size, boolean disksCount) {
      random = new Random(seed);
      this.disksCount = disksCount;
      List<String> names = IntStream.range(0, size).mapToObj(i -> "m" + i).toList();
      founders = Configuration.of(names.stream().map(name -> name + "@1").toList());
      names.forEach(name -> disks.put(name, new Disk(name + "@1", founders)));
    }

    /** With members that come and go. */
    Model resizing() {
      resizes = true;
      return this;
    }

    /** Changes the members while an earlier change is not committed. */
    Model hasty() {
      hasty = true;
      return this;
    }

    void run() {
      for (int step = 0; step < STEPS; step++) {
        if (resizes && random.nextInt(8) == 0) {
          resize();
        }
        Disk disk = resizes && random.nextBoolean() ? leaderOrAny() : any();
        int dice = random.nextInt(100);
        // Fewer votes and crashes leave time for members to come and go.
        if (dice < (resizes ? 2 : 8)) {
          elect();
        } else if (dice < 25) {
          propose(disk);
        } else if (dice < 75) {
          replicate(disk, List.copyOf(disks.values()).get(random.nextInt(disks.size())));
        } else if (dice < 88) {
          reshape(disk);
        } else if (dice < (resizes ? 89 : 92)) {
          disk.up = false;
          disk.leads = false;
          disk.match.clear();
        } else if (dice < 98) {
          comeBack(disk);
        } else {
          wipe(disk);
        }
      }
    }

    private Disk any() {
      return List.copyOf(disks.values()).get(random.nextInt(disks.size()));
    }

    private Disk leaderOrAny() {
      List<Disk> leaders = disks.values().stream().filter(disk -> disk.leads).toList();
      return leaders.isEmpty() ? any() : leaders.get(random.nextInt(leaders.size()));
    }

    /** A node of a new name comes, or one wishes to leave, or one that knows that it is out ends. */
    private void resize() {
      Disk disk = any();
      int dice = random.nextInt(4);
      if (dice == 0 && disks.size() < 7) {
        String name = "n" + ++lastDisk;
        disks.put(name, new Disk(name + "@1", founders));
      } else if (dice == 1 && disk.isReady()) {
        disk.leaves = true;
      } else {
        disks.values().forEach(this::depart);
      }
    }

    /** What it has heard of the log tells it that it is out, so it takes no part until it is started anew. */
    private void depart(Disk disk) {
      if (disk.up && disk.leaves && !disk.configurations.latest().contains(disk.id) && !disk.isReady()) {
        left++;
        leadersLeft += disk.leads ? 1 : 0;
        disk.up = false;
        disk.leads = false;
        disk.match.clear();
      }
    }

    private void comeBack(Disk disk) {
      if (!disk.up) {
        cameBack += disk.leaves ? 1 : 0;
        disk.leaves = false;
      }
      disk.up = true;
    }

    /** Some of those that are up answer one who collects; each at most once in a term. */
    private void elect() {
      List<Disk> voters = disks.values().stream().filter(disk -> disk.up && random.nextInt(4) > 0).toList();
      if (voters.isEmpty()) {
        return;
      }
      long term = voters.stream().mapToLong(disk -> disk.term).max().orElse(0) + 1;
      for (Disk voter : voters) {
        voter.term = term;
        voter.leads = false;
      }
      Optional<Ballot.Vote> winner = Ballot.winner(voters.stream().map(Disk::vote).collect(Collectors.toList()));
      winner.ifPresent(vote -> voters.stream().filter(disk -> disk.id.equals(vote.id())).forEach(this::lead));
    }

    private void lead(Disk leader) {
      for (int i = 0; i < committed.size(); i++) {
        if (i >= leader.log.size() || !leader.log.get(i).equals(committed.get(i))) {
          throw new Broken("elected without entry " + (i + 1));
        }
      }
      leader.leads = true;
      leader.match.clear();
      leader.append(new Entry(leader.term, ++values, null));
    }

    private void propose(Disk leader) {
      if (leader.leads) {
        leader.append(new Entry(leader.term, ++values, null));
      }
    }

    private void replicate(Disk leader, Disk follower) {
      if (!leader.leads || !follower.up || follower == leader || follower.term > leader.term) {
        return;
      }
      follower.term = leader.term;
      follower.leads = false;
      int same = 0;
      while (same < Math.min(leader.log.size(), follower.log.size())
          && leader.log.get(same).equals(follower.log.get(same))) {
        same++;
      }
      int to = same + random.nextInt(leader.log.size() - same + 1);
      if (to > same) {
        follower.log.subList(same, follower.log.size()).clear();
        follower.configurations.cutFrom(same + 1L);
        leader.log.subList(same, to).forEach(follower::append);
      }
      follower.commit = Math.max(follower.commit, Math.min(leader.commit, to));
      leader.match.merge(follower.id, to, Math::max);
      commit(leader);
    }

    private void commit(Disk leader) {
      Configuration configuration = leader.configurations.latest();
      int[] matches = configuration.ids().stream()
          .mapToInt(id -> id.equals(leader.id) ? leader.log.size() : leader.match.getOrDefault(id, 0)).sorted()
          .toArray();
      int index = matches[matches.length - configuration.majority()];
      if (index <= leader.commit || leader.termAt(index) != leader.term) {
        return;
      }
      leader.commit = index;
      for (int i = 0; i < index; i++) {
        if (i == committed.size()) {
          committed.add(leader.log.get(i));
        } else if (!committed.get(i).equals(leader.log.get(i))) {
          throw new Broken("entry " + (i + 1) + " committed twice");
        }
      }
    }

    /** Who decides, as last committed anywhere. */
    private Configuration decided() {
      Configuration decided = founders;
      for (Entry entry : committed) {
        Configuration configuration = entry.configuration();
        decided = configuration == null ? decided : configuration;
      }
      return decided;
    }

    private void reshape(Disk leader) {
      boolean mustWait = leader.configurations.latestIndex() > leader.commit
          || leader.termAt(leader.commit) != leader.term;
      if (!leader.leads || (mustWait && !hasty)) {
        return;
      }
      Configuration now = leader.configurations.latest();
      List<String> present = disks.values().stream().filter(disk -> disk.up).map(disk -> disk.id).toList();
      List<Disk> leavers = disks.values().stream().filter(disk -> disk.up && disk.leaves).toList();
      List<String> newcomers = present.stream()
          .filter(id -> leavers.stream().noneMatch(disk -> disk.id.equals(id)))
          .filter(id -> leader.log.size() - leader.match.getOrDefault(id, 0) <= 3).toList();
      leavers.stream()
          .flatMap(leaver -> Reshaping.without(leaver.id, now, Set.copyOf(present)).stream())
          .findAny()
          .or(() -> Reshaping.next(now, Set.copyOf(present), newcomers))
          .ifPresent(next -> {
            leader.append(new Entry(leader.term, ++values, next));
            joined += next.names().size() > now.names().size() ? 1 : 0;
            sizes.add(next.ids().size());
          });
    }

    /** As the guarantee asks: all members are there, and ready, and it is a minority. */
    private void wipe(Disk disk) {
      Configuration decided = decided();
      List<Disk> members = disks.values().stream().filter(each -> decided.contains(each.id)).toList();
      if (members.size() == decided.ids().size() && members.size() > 2 && members.contains(disk)
          && members.stream().allMatch(Disk::isReady)) {
        String name = MemberId.parse(disk.id).name();
        disks.put(name, new Disk(disksCount ? name + "@" + ++lastDisk : disk.id, founders));
        disks.values().forEach(each -> {
          if (!disksCount) {
            each.match.remove(disk.id);
          }
        });
        wipes++;
      }
    }
  }
}
