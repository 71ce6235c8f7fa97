package dev.statecraft.session.replicated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.session.replicated.Outcome.Verdict;
import dev.statecraft.session.replicated.TestGroup.Member;
import dev.statecraft.session.replicated.raft.RaftFaults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/** Members that restart with an empty disk, as a pod without a volume does on Kubernetes. */
class GroupWipeIT {
  private static final List<String> ALL = List.of("m1", "m2", "m3");

  @TempDir
  Path directory;

  private final List<String> acknowledged = new ArrayList<>();

  @Test
  void wipedFollowerIsAddedAgainAndCounts() {
    try (TestGroup group = new TestGroup(directory, 3).logBytes(20_000).startAll()) {
      Member wiped = group.follower();
      String previousId = RaftFaults.memberId(wiped.node());
      // Enough for a snapshot, from which the restarted member must learn the configuration too.
      write(group.leader(), 60);
      group.wipe(wiped);
      write(group.leader(), 5);
      Member back = group.start(wiped.name());
      group.awaitLeader();
      assertThat(RaftFaults.memberId(back.node())).isNotEqualTo(previousId);
      assertThat(back.node().status().members()).containsExactlyElementsOf(ALL);
      assertHoldsAll(back);

      // It counts: with one other member killed, no write is committed without it.
      Member other = group.running().stream()
          .filter(member -> !member.node().leads() && !member.equals(back)).findFirst().orElseThrow();
      group.kill(other);
      write(back, 5);
      Member again = group.start(other.name());
      group.awaitLeader();
      assertHoldsAll(again);
    }
  }

  @Test
  void wipingMembersOneByOneLosesNoWrite() {
    try (TestGroup group = new TestGroup(directory, 3).startAll()) {
      String founded = group.leader().node().group().orElseThrow();
      for (int i = 0; i < 3; i++) {
        write(group.follower(), 5);
        Member wiped = group.leader();
        group.wipe(wiped);
        write(group.running().iterator().next(), 5);
        group.start(wiped.name());
        group.awaitLeader();
      }
      group.running().stream().filter(member -> member.node().leads()).findFirst().ifPresent(group::wipe);
      write(group.running().iterator().next(), 5);
      for (Member each : group.running()) {
        assertHoldsAll(each);
        assertThat(each.node().group()).as("the same group").contains(founded);
      }
    }
  }

  @Test
  void wipedMemberWaitsForMajorityAndReportsIt() {
    try (TestGroup group = new TestGroup(directory, 3)) {
      ALL.forEach(name -> group.start(name, TestGroup.SHORT_DEADLINE));
      group.awaitLeader();
      write(group.leader(), 5);
      Member away = group.follower();
      group.kill(away);
      Member wiped = group.leader();
      group.wipe(wiped);
      Member left = group.running().iterator().next();
      Member back = group.start(wiped.name(), TestGroup.SHORT_DEADLINE);

      TestGroup.awaitUnavailable(back, "must add this node as a new member", "no majority");
      assertThat(left.tryPropose(Commands.create("refused"))).as("a write with one disk of three").isFalse();
      assertThat(left.node().unavailableReason()).isPresent();

      group.start(away.name());
      group.awaitLeader();
      assertHoldsAll(back);
      write(back, 1);
    }
  }

  @Test
  void wipedMajorityCommitsNothingAndReportsLoss() {
    try (TestGroup group = new TestGroup(directory, 3)) {
      ALL.forEach(name -> group.start(name, TestGroup.SHORT_DEADLINE));
      group.awaitLeader();
      write(group.leader(), 5);
      Member first = group.follower();
      group.wipe(first);
      Member second = group.follower();
      group.wipe(second);
      Member left = group.running().iterator().next();
      Member back = group.start(first.name(), TestGroup.SHORT_DEADLINE);
      group.start(second.name(), TestGroup.SHORT_DEADLINE);
      // The only node that knows the configuration.
      TestGroup.awaitUnavailable(left, "[" + sorted(first, second) + "] are lost, a majority");
      assertThat(back.node().unavailableReason()).isPresent();
      assertThat(back.tryPropose(Commands.create("refused"))).isFalse();
      assertHoldsAll(left);
    }
  }

  @Test
  void wipedGroupFoundsNewEmptyGroup() {
    try (TestGroup group = new TestGroup(directory, 3).startAll()) {
      String before = group.leader().node().group().orElseThrow();
      write(group.leader(), 5);
      List.copyOf(group.running()).forEach(group::wipe);
      ALL.forEach(group::start);
      group.awaitLeader();
      for (Member each : group.running()) {
        assertThat(each.node().group()).isPresent().isNotEqualTo(Optional.of(before));
        assertThat(each.sessions().size()).isZero();
      }
      assertThat(group.leader().propose(Commands.create("new")).verdict()).isEqualTo(Verdict.DONE);
    }
  }

  @Test
  void wipedGroupThatMayNotFoundReportsLoss() {
    try (TestGroup group = new TestGroup(directory, 3).mayNotFound()) {
      ALL.forEach(group::start);
      for (Member each : group.running()) {
        TestGroup.awaitUnavailable(each, "its data is lost");
      }
    }
  }

  @Test
  void previousDiskCountsOnlyOnceItIsAddedAgain() throws IOException {
    try (TestGroup group = new TestGroup(directory, 3).startAll()) {
      Member wiped = group.follower();
      write(group.leader(), 5);
      group.kill(wiped);
      Path here = group.directoryOf(wiped.name());
      Path aside = directory.resolve("aside");
      Files.move(here, aside);
      Member replacement = group.start(wiped.name());
      group.awaitLeader();
      write(group.leader(), 5);

      group.kill(replacement);
      FileSystemUtils.deleteRecursively(here);
      Files.move(aside, here);
      Member previous = group.start(wiped.name());
      group.awaitLeader();
      write(previous, 5);
      assertHoldsAll(previous);
    }
  }

  private void write(Member through, int count) {
    for (int i = 0; i < count; i++) {
      String session = "s" + acknowledged.size() + "x".repeat(200);
      TestGroup.await(() -> through.tryPropose(Commands.create(session)) || through.find(session) != null);
      acknowledged.add(session);
    }
  }

  private void assertHoldsAll(Member member) {
    for (String session : acknowledged) {
      TestGroup.await(() -> member.find(session) != null);
    }
  }

  private static String sorted(Member first, Member second) {
    return first.name().compareTo(second.name()) < 0
        ? first.name() + ", " + second.name()
        : second.name() + ", " + first.name();
  }
}
