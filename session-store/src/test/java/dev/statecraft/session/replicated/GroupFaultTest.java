package dev.statecraft.session.replicated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.SessionStoreException.Reason;
import dev.statecraft.session.replicated.Command.Barrier;
import dev.statecraft.session.replicated.Outcome.Verdict;
import dev.statecraft.session.replicated.TestGroup.Member;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GroupFaultTest {
  private static final String CART = "cart";
  private static final int WRITERS = 8;

  @TempDir
  Path directory;

  /** Appends 1, 2, 3 ... to a cart of its own through one member, and remembers what was acknowledged. */
  private static final class Writer implements Runnable {
    private final Member member;
    private final String session;
    private final AtomicBoolean stop;
    private final List<String> acknowledged = new ArrayList<>();
    private final AtomicInteger refusedByMistake = new AtomicInteger();
    private final AtomicInteger acknowledgedCount = new AtomicInteger();

    Writer(Member member, String session, AtomicBoolean stop) {
      this.member = member;
      this.session = session;
      this.stop = stop;
    }

    @Override
    public void run() {
      long version = 0;
      StringBuilder cart = new StringBuilder();
      for (int item = 1; !stop.get(); item++) {
        String next = cart + (item == 1 ? "" : ",") + item;
        Outcome outcome = member.carryOut(Commands.set(session, CART, version, next));
        if (outcome.verdict() != Verdict.DONE) {
          refusedByMistake.incrementAndGet();
          return;
        }
        version = outcome.index();
        cart = new StringBuilder(next);
        acknowledged.add(Integer.toString(item));
        acknowledgedCount.incrementAndGet();
        if (item == 200) {
          // Carts do not grow for ever.
          outcome = member.carryOut(Commands.set(session, CART, version, ""));
          version = outcome.index();
          cart = new StringBuilder();
          acknowledged.clear();
          item = 0;
        }
      }
    }
  }

  @Test
  void aKilledLeaderCostsNoAcknowledgedWriteAndNoneIsDoneTwice() throws Exception {
    try (
        TestGroup group = new TestGroup(directory, 3).startAll();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      AtomicBoolean stop = new AtomicBoolean();
      Member leader = group.leader();
      List<Member> survivors = group.running().stream().filter(member -> !member.equals(leader)).toList();
      List<Writer> writers = new ArrayList<>();
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        leader.carryOut(Commands.opening("s" + i));
        writers.add(new Writer(survivors.get(i % 2), "s" + i, stop));
        running.add(threads.submit(writers.get(i)));
      }
      awaitProgress(writers);
      group.kill(leader);
      // Every writer goes on, so the group has recovered and nobody hangs on the dead leader.
      awaitProgress(writers);
      Member back = group.start(leader.node().name());
      // Under load, which must not keep the one that was killed from catching up.
      await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () -> back.node().applied().value() > 0
                  && survivors.getFirst().node().applied().value() - back.node().applied().value() < 200);
      awaitProgress(writers);
      stop.set(true);
      for (Future<?> each : running) {
        each.get();
      }
      group.awaitLeader();
      group.leader().carryOut(new Barrier());
      group.awaitSame(group.running().toArray(Member[]::new));
      for (Writer writer : writers) {
        assertThat(writer.refusedByMistake.get()).as("refused by mistake").isZero();
        for (Member member : group.running()) {
          assertThat(cart(member, writer.session)).isEqualTo(String.join(",", writer.acknowledged));
        }
      }
    }
  }

  @Test
  void anIsolatedLeaderRefusesInTimeAndReadsNothingStale() throws Exception {
    try (TestGroup group = new TestGroup(directory, 3)) {
      Duration deadline = Duration.ofMillis(700);
      for (String name : List.of("m1", "m2", "m3")) {
        group.start(name, deadline);
      }
      group.awaitLeader();
      Member old = group.leader();
      old.carryOut(Commands.opening("s"));
      long version = old.carryOut(Commands.set("s", CART, 0, "old")).index();
      List<Member> majority = group.running().stream().filter(member -> !member.equals(old)).toList();
      group.isolate(old);

      // While it still believes that it leads, and after.
      ReadBarrier barrier = new ReadBarrier(() -> old.carryOut(new Barrier()).index());
      assertThatThrownBy(() -> barrier.await().get()).hasCauseInstanceOf(SessionStoreException.class);
      assertUnavailable(old, Commands.set("s", CART, version, "minority"));

      await().atMost(Duration.ofSeconds(20)).until(() -> majority.stream().anyMatch(member -> member.node().leads()));
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> majority.getFirst().tries(Commands.set("s", CART, version, "new"))
              || "new".equals(cart(majority.getFirst(), "s")));
      assertThatThrownBy(() -> barrier.await().get()).hasCauseInstanceOf(SessionStoreException.class);

      group.heal(old);
      group.awaitLeader();
      await().atMost(Duration.ofSeconds(20)).until(() -> "new".equals(cart(old, "s")));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aLeaderThatWasNotHeardOrHeardNothingIsBackSoonAfterwards(boolean mute) {
    try (TestGroup group = new TestGroup(directory, 3).startAll()) {
      Member old = group.leader();
      old.carryOut(Commands.opening("s"));
      Member other = group.follower();
      if (mute) {
        group.mute(old);
      } else {
        group.deafen(old);
      }
      await().atMost(Duration.ofSeconds(30)).until(
          () -> (other.node().leaderName().filter(name -> !name.equals(old.name())).isPresent()
              && other.tries(Commands.set("s", CART, 0, "new"))) || "new".equals(cart(other, "s")));
      await().atMost(Duration.ofSeconds(30)).until(() -> old.node().whyNotTakingPart().isPresent());

      group.heal(old);
      await().atMost(Duration.ofSeconds(30)).until(() -> old.node().whyNotTakingPart().isEmpty());
      await().atMost(Duration.ofSeconds(30)).until(() -> "new".equals(cart(old, "s")));
    }
  }

  @Test
  void aLoneSurvivorRefusesWritesWithinTheDeadline() {
    try (TestGroup group = new TestGroup(directory, 3)) {
      Duration deadline = Duration.ofMillis(800);
      for (String name : List.of("m1", "m2", "m3")) {
        group.start(name, deadline);
      }
      group.awaitLeader();
      group.leader().carryOut(Commands.opening("s"));
      Member survivor = group.follower();
      group.running().stream().filter(member -> !member.equals(survivor)).forEach(group::kill);
      assertUnavailable(survivor, Commands.set("s", CART, 0, "lost"));
      await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(() -> assertThat(survivor.node().whyNotTakingPart()).hasValueSatisfying(
              why -> assertThat(why).contains("too few")));
    }
  }

  @Test
  void aMemberThatComesBackCatchesUpFromASnapshot() throws Exception {
    try (TestGroup group = new TestGroup(directory, 3).logBytes(20_000).startAll()) {
      Member away = group.follower();
      group.kill(away);
      group.awaitLeader();
      Member leader = group.leader();
      String large = "x".repeat(1_000);
      for (int i = 0; i < 100; i++) {
        leader.carryOut(Commands.opening("s" + i));
        leader.carryOut(Commands.set("s" + i, CART, 0, large + i));
      }
      Member back = group.start(away.node().name());
      await().atMost(Duration.ofSeconds(20)).until(() -> (large + 99).equals(cart(back, "s99")));
      assertThat(back.node().sessions().size()).isEqualTo(100);
      // The library counts only after the state is there.
      await().atMost(Duration.ofSeconds(10)).until(() -> numberOfSnapshotsReceived(back) > 0);

      // And once more from its own disk, which now holds that snapshot.
      group.kill(back);
      Member again = group.start(back.node().name());
      await().atMost(Duration.ofSeconds(20)).until(() -> (large + 99).equals(cart(again, "s99")));
      group.awaitLeader();
      assertThat(group.follower().carryOut(Commands.opening("after")).verdict()).isEqualTo(Verdict.DONE);
    }
  }

  @Test
  void theWholeGroupComesBackFromItsDisks() {
    long version;
    try (TestGroup group = new TestGroup(directory, 3).startAll()) {
      group.leader().carryOut(Commands.opening("s"));
      version = group.follower().carryOut(Commands.set("s", CART, 0, "kept")).index();
      List.copyOf(group.running()).forEach(group::kill);
      for (String name : List.of("m1", "m2", "m3")) {
        group.start(name);
      }
      group.awaitLeader();
      assertThat(group.follower().carryOut(Commands.set("s", CART, version, "kept,more")).verdict())
          .isEqualTo(Verdict.DONE);
    }
  }

  @Test
  void aLostLogAndAForeignDiskAreRefusedAtOnce() throws Exception {
    try (TestGroup group = new TestGroup(directory, 3).startAll()) {
      Member first = group.follower();
      String name = first.node().name();
      group.kill(first);
      Path here = group.directoryOf(name);
      Files.move(here.resolve("log"), here.resolve("elsewhere"));
      assertThatThrownBy(() -> new RaftNode(group.settings(name)))
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining("lost its log");
      GroupSettings foreign = group.settings(name);
      assertThatThrownBy(
          () -> new RaftNode(
              new GroupSettings(
                  foreign.name(),
                  foreign.members(),
                  group.directoryOf(group.leader().node().name()),
                  false,
                  foreign.logBytes(),
                  Founding.Part.MAY_FOUND,
                  false)))
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining("in use");
    }
  }

  @Test
  void membersThatStartOneAfterTheOtherFormOneGroup() {
    try (TestGroup group = new TestGroup(directory, 3)) {
      Member first = group.start("m2");
      await().atMost(Duration.ofSeconds(10)).until(() -> first.node().membersInView() == 1);
      assertThat(first.node().whyNotTakingPart()).hasValueSatisfying(why -> assertThat(why).contains("not founded"));
      group.start("m3");
      group.start("m1");
      group.awaitLeader();
      assertThat(first.carryOut(Commands.opening("s")).verdict()).isEqualTo(Verdict.DONE);
    }
  }

  @Test
  void aLeaderThatLeavesInOrderHandsOver() {
    try (TestGroup group = new TestGroup(directory, 3).startAll()) {
      Member leader = group.leader();
      leader.carryOut(Commands.opening("s"));
      group.stop(leader);
      group.awaitLeader();
      assertThat(group.follower().carryOut(Commands.set("s", CART, 0, "on")).verdict()).isEqualTo(Verdict.DONE);
    }
  }

  private static void awaitProgress(List<Writer> writers) {
    Map<Writer, Integer> before = new ConcurrentHashMap<>();
    writers.forEach(writer -> before.put(writer, writer.acknowledgedCount.get()));
    await()
        .pollInterval(Duration.ofMillis(10))
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> writers.stream()
                .allMatch(writer -> writer.acknowledgedCount.get() > before.getOrDefault(writer, 0) + 20));
  }

  private static void assertUnavailable(Member member, Command command) {
    assertThatThrownBy(() -> member.carryOut(command))
        .isInstanceOfSatisfying(
            SessionStoreException.class,
            refused -> assertThat(refused.reason()).isEqualTo(Reason.UNAVAILABLE));
  }

  private static String cart(Member member, String session) {
    SessionRecord record = member.find(session);
    SessionRecord.Attribute cart = record == null ? null : record.attributes().get(CART);
    return cart == null ? "" : Commands.text(cart.value());
  }

  private static int numberOfSnapshotsReceived(Member member) {
    StrictRaft raft = member.node().raft();
    return raft == null ? 0 : raft.snapshotsReceived();
  }
}
