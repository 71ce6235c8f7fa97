package dev.statecraft.session.replicated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.statecraft.session.replicated.Outcome.Verdict;
import dev.statecraft.session.replicated.TestGroup.Member;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/** Members that come back with an empty disk: as a node without a volume does on Kubernetes. */
class GroupWipeTest {
  private static final List<String> ALL = List.of("m1", "m2", "m3");
  private static final Duration SHORT = Duration.ofMillis(700);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir
  Path directory;

  private final List<String> acknowledged = new ArrayList<>();

  @Test
  void aWipedFollowerIsTakenInAnewAndCountsAgain() {
    try (TestGroup group = new TestGroup(directory, 3).logBytes(20_000).startAll()) {
      Member wiped = group.follower();
      String formerId = idOf(wiped);
      // Enough for a snapshot, by which it must learn also who the members are.
      write(group.leader(), 60);
      group.wipe(wiped);
      write(group.leader(), 5);
      Member back = group.start(wiped.name());
      group.awaitLeader();
      assertThat(idOf(back)).isNotEqualTo(formerId);
      assertThat(back.node().members()).containsExactlyElementsOf(ALL);
      assertHoldsAll(back);

      // It counts: without one of the others, nothing is decided unless it agrees.
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
  void wipedOneAfterTheOtherTheyLoseNoAcknowledgedWrite() {
    try (TestGroup group = new TestGroup(directory, 3).startAll()) {
      String founded = group.leader().node().group().orElseThrow();
      for (int i = 0; i < 3; i++) {
        write(group.follower(), 5);
        Member unlucky = group.leader();
        group.wipe(unlucky);
        write(group.running().iterator().next(), 5);
        group.start(unlucky.name());
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
  void aWipedMemberWaitsWhileAnotherIsAwayAndSaysWhy() {
    try (TestGroup group = new TestGroup(directory, 3)) {
      ALL.forEach(name -> group.start(name, SHORT));
      group.awaitLeader();
      write(group.leader(), 5);
      Member away = group.follower();
      group.kill(away);
      Member unlucky = group.leader();
      group.wipe(unlucky);
      Member left = group.running().iterator().next();
      Member back = group.start(unlucky.name(), SHORT);

      await().atMost(PATIENCE).untilAsserted(
          () -> assertThat(back.node().whyNotTakingPart()).hasValueSatisfying(
              why -> assertThat(why).contains("must take it in as a new member", "too few to decide")));
      assertThat(left.tries(Commands.opening("refused"))).as("a write with one disk of three").isFalse();
      assertThat(left.node().whyNotTakingPart()).isPresent();

      group.start(away.name());
      group.awaitLeader();
      assertHoldsAll(back);
      write(back, 1);
    }
  }

  @Test
  void aMajorityWipedAtOnceDecidesNothingAndSaysThatItMayBeLost() {
    try (TestGroup group = new TestGroup(directory, 3)) {
      ALL.forEach(name -> group.start(name, SHORT));
      group.awaitLeader();
      write(group.leader(), 5);
      Member first = group.follower();
      group.wipe(first);
      Member second = group.follower();
      group.wipe(second);
      Member left = group.running().iterator().next();
      Member back = group.start(first.name(), SHORT);
      group.start(second.name(), SHORT);
      // The only one that knows who the members are.
      await().atMost(PATIENCE).untilAsserted(
          () -> assertThat(left.node().whyNotTakingPart()).hasValueSatisfying(
              why -> assertThat(why).contains("[" + sorted(first, second) + "] are gone, which is a majority")));
      assertThat(back.node().whyNotTakingPart()).isPresent();
      assertThat(back.tries(Commands.opening("refused"))).isFalse();
      assertHoldsAll(left);
    }
  }

  @Test
  void allWipedFoundAnotherGroupWithNothingInIt() {
    try (TestGroup group = new TestGroup(directory, 3).startAll()) {
      String before = group.leader().node().group().orElseThrow();
      write(group.leader(), 5);
      List.copyOf(group.running()).forEach(group::wipe);
      ALL.forEach(group::start);
      group.awaitLeader();
      for (Member each : group.running()) {
        assertThat(each.node().group()).isPresent().isNotEqualTo(Optional.of(before));
        assertThat(each.node().sessions().size()).isZero();
      }
      assertThat(group.leader().carryOut(Commands.opening("new")).verdict()).isEqualTo(Verdict.DONE);
    }
  }

  @Test
  void allWipedSayThatAllIsLostWhereTheyMayNotFound() {
    try (TestGroup group = new TestGroup(directory, 3).mayFound(false)) {
      ALL.forEach(group::start);
      for (Member each : group.running()) {
        await().atMost(PATIENCE).untilAsserted(
            () -> assertThat(each.node().whyNotTakingPart()).hasValueSatisfying(
                why -> assertThat(why).contains("all that it held is lost")));
      }
    }
  }

  @Test
  void aFormerDiskThatComesBackCountsOnlyOnceItIsTakenInAgain() throws IOException {
    try (TestGroup group = new TestGroup(directory, 3).startAll()) {
      Member unlucky = group.follower();
      write(group.leader(), 5);
      group.kill(unlucky);
      Path here = group.directoryOf(unlucky.name());
      Path aside = directory.resolve("aside");
      Files.move(here, aside);
      Member replacement = group.start(unlucky.name());
      group.awaitLeader();
      write(group.leader(), 5);

      group.kill(replacement);
      FileSystemUtils.deleteRecursively(here);
      Files.move(aside, here);
      Member former = group.start(unlucky.name());
      group.awaitLeader();
      write(former, 5);
      assertHoldsAll(former);
    }
  }

  private void write(Member through, int count) {
    for (int i = 0; i < count; i++) {
      String session = "s" + acknowledged.size() + "x".repeat(200);
      await().atMost(PATIENCE).until(() -> through.tries(Commands.opening(session)) || through.find(session) != null);
      acknowledged.add(session);
    }
  }

  private void assertHoldsAll(Member member) {
    for (String session : acknowledged) {
      await().atMost(PATIENCE).until(() -> member.find(session) != null);
    }
  }

  private static String idOf(Member member) {
    StrictRaft raft = member.node().raft();
    return raft == null ? "" : raft.raftId();
  }

  private static String sorted(Member first, Member second) {
    return first.name().compareTo(second.name()) < 0
        ? first.name() + ", " + second.name()
        : second.name() + ", " + first.name();
  }
}
