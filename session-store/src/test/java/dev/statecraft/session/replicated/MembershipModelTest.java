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
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jgroups.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random histories of votes, appends, crashes and wipes among members whose logs are lists, by the very rules of who wins
 * ({@link Ballot}), who counts ({@link Configurations}) and what changes next ({@link Reshaping}). Whoever is elected must
 * have all that was ever committed (Raft's leader completeness), and no index may be committed twice differently.
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

    Model(long seed, int size, boolean disksCount) {
      random = new Random(seed);
      this.disksCount = disksCount;
      List<String> names = IntStream.range(0, size).mapToObj(i -> "m" + i).toList();
      founders = Configuration.of(names.stream().map(name -> name + "@1").toList());
      names.forEach(name -> disks.put(name, new Disk(name + "@1", founders)));
    }

    void run() {
      for (int step = 0; step < STEPS; step++) {
        Disk disk = List.copyOf(disks.values()).get(random.nextInt(disks.size()));
        int dice = random.nextInt(100);
        if (dice < 8) {
          elect();
        } else if (dice < 25) {
          propose(disk);
        } else if (dice < 75) {
          replicate(disk, List.copyOf(disks.values()).get(random.nextInt(disks.size())));
        } else if (dice < 88) {
          reshape(disk);
        } else if (dice < 92) {
          disk.up = false;
          disk.leads = false;
          disk.match.clear();
        } else if (dice < 98) {
          disk.up = true;
        } else {
          wipe(disk);
        }
      }
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

    private void reshape(Disk leader) {
      if (!leader.leads || leader.configurations.latestIndex() > leader.commit
          || leader.termAt(leader.commit) != leader.term) {
        return;
      }
      List<String> present = disks.values().stream().filter(disk -> disk.up).map(disk -> disk.id).toList();
      List<String> newcomers = present.stream()
          .filter(id -> leader.log.size() - leader.match.getOrDefault(id, 0) <= 3).toList();
      Reshaping.next(leader.configurations.latest(), Set.copyOf(present), newcomers)
          .ifPresent(next -> leader.append(new Entry(leader.term, ++values, next)));
    }

    /** As the guarantee asks: all others are members, and ready. */
    private void wipe(Disk disk) {
      if (disks.values().stream().allMatch(each -> each == disk || each.isReady()) && disk.isReady()) {
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
