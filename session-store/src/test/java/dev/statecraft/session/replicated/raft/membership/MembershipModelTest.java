package dev.statecraft.session.replicated.raft.membership;

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
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;
import org.jgroups.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Random histories of votes, appends, crashes, lost disks, joins and leaves among members whose logs are lists, with
 * the production rules for the winner of an election ({@link Ballot}), the configuration in force
 * ({@link Configurations}) and the next membership change ({@link Reshaping}). Each leader must have all committed
 * entries (Raft's leader completeness), and no index may be committed with two different entries.
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
    /** Has asked to be removed. */
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

  @Property(tries = 2_000, shrinking = ShrinkingMode.OFF)
  @StatisticsReport(onFailureOnly = true)
  void keepsCommittedEntriesWhileDisksAreLost(@ForAll Random random, @ForAll boolean large) {
    Model model = new Model(random, large ? 5 : 3, true);
    model.run();
    covers("lost disks", model.wipes > 0, 500);
    covers("committed entries", model.committed.size() > 5, 200);
  }

  @Property(tries = 2_000, shrinking = ShrinkingMode.OFF)
  @StatisticsReport(onFailureOnly = true)
  void keepsCommittedEntriesWhileMembersChange(@ForAll Random random, @ForAll @IntRange(min = 1, max = 5) int size) {
    Model model = new Model(random, size, true).resizing();
    model.run();
    covers("lost disks", model.wipes > 0, 500);
    covers("committed entries", model.committed.size() > 5, 200);
    covers("added members", model.joined > 0, 200);
    covers("members that left", model.left > 0, 200);
    covers("leaders that left", model.leadersLeft > 0, 100);
    covers("members that came back", model.cameBack > 0, 500);
    for (int reached : List.of(1, 2, 4, 6)) {
      covers("size " + reached, model.sizes.contains(reached), 0);
    }
  }

  @Property(tries = 1_500, shrinking = ShrinkingMode.OFF)
  @StatisticsReport(onFailureOnly = true)
  void findsLossWithConcurrentMembershipChanges(@ForAll Random random) {
    covers("histories with a loss", isBroken(new Model(random, 5, true).resizing().hasty()), 0);
  }

  @Property(tries = 300, shrinking = ShrinkingMode.OFF)
  @StatisticsReport(onFailureOnly = true)
  void findsLossWhenWipedMemberKeepsItsIdentity(@ForAll Random random) {
    covers("histories with a loss", isBroken(new Model(random, 3, false)), 0);
  }

  private static boolean isBroken(Model model) {
    try {
      model.run();
      return false;
    } catch (Broken expected) {
      return true;
    }
  }

  /** Fails unless more than {@code minTries} tries of the property have shown something. */
  private static void covers(String what, boolean shown, int minTries) {
    Statistics.label(what).collect(shown);
    Statistics.label(what).coverage(coverage -> coverage.check(true).count(count -> count > minTries));
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

    Model(Random random, int size, boolean disksCount) {
      this.random = random;
      this.disksCount = disksCount;
      List<String> names = IntStream.range(0, size).mapToObj(i -> "m" + i).toList();
      founders = Configuration.of(names.stream().map(name -> name + "@1").toList());
      names.forEach(name -> disks.put(name, new Disk(name + "@1", founders)));
    }

    /** With nodes that join and members that leave. */
    Model resizing() {
      resizes = true;
      return this;
    }

    /** With a leader that changes the members before the previous change is committed. */
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
        // Fewer elections and crashes leave time for membership changes.
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

    /** A new node starts, a member asks to leave, or a removed member stops. */
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

    /** Stops a member that finds in its log that it was removed, until it is restarted. */
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

    /** Some of the running members vote; each at most once in a term. */
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
      if (matches.length == 0) {
        throw new Broken("no member is left");
      }
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

    /** The last committed configuration. */
    private Configuration committedConfiguration() {
      Configuration last = founders;
      for (Entry entry : committed) {
        Configuration configuration = entry.configuration();
        last = configuration == null ? last : configuration;
      }
      return last;
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

    /** Within the documented guarantee: all members are ready, and one loses its disk. */
    private void wipe(Disk disk) {
      Configuration committedMembers = committedConfiguration();
      List<Disk> members = disks.values().stream().filter(each -> committedMembers.contains(each.id)).toList();
      if (members.size() == committedMembers.ids().size() && members.size() > 2 && members.contains(disk)
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
