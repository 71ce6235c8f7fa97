package dev.statecraft.session.replicated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.SessionStoreException.Reason;
import dev.statecraft.session.replicated.Command.Barrier;
import dev.statecraft.session.replicated.Outcome.Verdict;
import dev.statecraft.session.replicated.TestGroup.Member;
import dev.statecraft.session.replicated.consensus.GroupSettings;
import dev.statecraft.session.replicated.consensus.GroupSettings.StartMode;
import dev.statecraft.session.replicated.consensus.MemberRejectedException;
import dev.statecraft.session.replicated.raft.RaftFaults;
import dev.statecraft.session.replicated.raft.IgnoredTimings;
import dev.statecraft.session.replicated.raft.RaftNode;
import java.nio.file.Files;
import java.nio.file.Path;
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

/** Killed, isolated and restarted members of a group under load. */
class GroupFaultIT {
  private static final String CART = "cart";
  private static final int WRITERS = 8;

  @TempDir
  Path directory;

  /** Appends 1, 2, 3 ... to its own cart through one member and records the acknowledged items. */
  private static final class Writer implements Runnable {
    private final Member member;
    private final String session;
    private final AtomicBoolean stop;
    private final List<String> acknowledged = new ArrayList<>();
    private final AtomicInteger unexpectedRejections = new AtomicInteger();
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
        Outcome outcome = member.propose(Commands.set(session, CART, version, next));
        if (outcome.verdict() != Verdict.DONE) {
          unexpectedRejections.incrementAndGet();
          return;
        }
        version = outcome.index();
        cart = new StringBuilder(next);
        acknowledged.add(Integer.toString(item));
        acknowledgedCount.incrementAndGet();
        if (item == 200) {
          // Bounds the size of the cart.
          outcome = member.propose(Commands.set(session, CART, version, ""));
          version = outcome.index();
          cart = new StringBuilder();
          acknowledged.clear();
          item = 0;
        }
      }
    }
  }

  @Test
  void killedLeaderLosesAndRepeatsNoAcknowledgedWrite() throws Exception {
    try (
        TestGroup group = new TestGroup(directory, 3).startAll(TestGroup.WAIT_TIMEOUT);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      AtomicBoolean stop = new AtomicBoolean();
      Member leader = group.leader();
      List<Member> survivors = group.running().stream().filter(member -> !member.equals(leader)).toList();
      List<Writer> writers = new ArrayList<>();
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        leader.propose(Commands.create("s" + i));
        writers.add(new Writer(survivors.get(i % 2), "s" + i, stop));
        running.add(threads.submit(writers.get(i)));
      }
      awaitProgress(writers);
      group.kill(leader);
      // Every writer makes progress, so the group has recovered and no proposal waits for the killed leader.
      awaitProgress(writers);
      Member restarted = group.start(leader.name());
      // The restarted member must catch up under load.
      TestGroup.await(
          () -> restarted.node().appliedIndex() > 0
              && survivors.getFirst().node().appliedIndex() - restarted.node().appliedIndex() < 200);
      awaitProgress(writers);
      stop.set(true);
      for (Future<?> each : running) {
        each.get();
      }
      group.awaitLeader();
      group.leader().propose(new Barrier());
      group.awaitSameIndex();
      for (Writer writer : writers) {
        assertThat(writer.unexpectedRejections.get()).as("unexpected rejections").isZero();
        for (Member member : group.running()) {
          assertThat(cart(member, writer.session)).isEqualTo(String.join(",", writer.acknowledged));
        }
      }
    }
  }

  @Test
  void isolatedLeaderRejectsWritesAndLinearizableReads() throws Exception {
    try (TestGroup group = new TestGroup(directory, 3).startAll()) {
      Member old = group.leader();
      old.propose(Commands.create("s"));
      long version = old.propose(Commands.set("s", CART, 0, "old")).index();
      List<Member> majority = group.running().stream().filter(member -> !member.equals(old)).toList();
      RaftFaults.dropAll(old.node());

      // While it still believes that it leads, and later.
      Member isolated = old.withDeadline(TestGroup.SHORT_DEADLINE);
      ReadBarrier barrier = new ReadBarrier(() -> isolated.propose(new Barrier()).index());
      assertThatThrownBy(() -> barrier.await().get()).hasCauseInstanceOf(SessionStoreException.class);
      assertUnavailable(isolated, Commands.set("s", CART, version, "minority"));

      TestGroup.await(() -> majority.stream().anyMatch(member -> member.node().leads()));
      TestGroup.await(
          () -> majority.getFirst().tryPropose(Commands.set("s", CART, version, "new"))
              || "new".equals(cart(majority.getFirst(), "s")));
      assertThatThrownBy(() -> barrier.await().get()).hasCauseInstanceOf(SessionStoreException.class);

      RaftFaults.heal(old.node());
      group.awaitLeader();
      TestGroup.await(() -> "new".equals(cart(old, "s")));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void leaderRecoversFromOneWayMessageLoss(boolean sent) {
    try (TestGroup group = new TestGroup(directory, 3).startAll()) {
      Member old = group.leader();
      old.propose(Commands.create("s"));
      Member other = group.follower();
      if (sent) {
        RaftFaults.dropSent(old.node());
      } else {
        RaftFaults.dropReceived(old.node());
      }
      TestGroup.await(
          () -> (other.node().status().leader().filter(name -> !name.equals(old.name())).isPresent()
              && other.tryPropose(Commands.set("s", CART, 0, "new"))) || "new".equals(cart(other, "s")));
      TestGroup.await(() -> old.node().unavailableReason().isPresent());

      RaftFaults.heal(old.node());
      TestGroup.await(() -> old.node().unavailableReason().isEmpty());
      TestGroup.await(() -> "new".equals(cart(old, "s")));
    }
  }

  @Test
  void singleSurvivorRejectsWrites() {
    try (TestGroup group = new TestGroup(directory, 3).startAll()) {
      group.leader().propose(Commands.create("s"));
      Member survivor = group.follower();
      group.running().stream().filter(member -> !member.equals(survivor)).forEach(group::kill);
      assertUnavailable(survivor.withDeadline(TestGroup.SHORT_DEADLINE), Commands.set("s", CART, 0, "lost"));
      TestGroup.awaitUnavailable(survivor, "no majority");
    }
  }

  @Test
  void restartedMemberCatchesUpFromSnapshot() throws Exception {
    try (TestGroup group = new TestGroup(directory, 3).logBytes(20_000).startAll()) {
      Member away = group.follower();
      group.kill(away);
      group.awaitLeader();
      Member leader = group.leader();
      String large = "x".repeat(1_000);
      for (int i = 0; i < 100; i++) {
        leader.propose(Commands.create("s" + i));
        leader.propose(Commands.set("s" + i, CART, 0, large + i));
      }
      Member restarted = group.start(away.name());
      TestGroup.await(() -> (large + 99).equals(cart(restarted, "s99")));
      assertThat(restarted.sessions().size()).isEqualTo(100);
      // Counted only after the state was replaced.
      TestGroup.await(() -> RaftFaults.snapshotsReceived(restarted.node()) > 0);

      // Once more from its own disk, which holds that snapshot now.
      group.kill(restarted);
      Member again = group.start(restarted.name());
      TestGroup.await(() -> (large + 99).equals(cart(again, "s99")));
      group.awaitLeader();
      assertThat(group.follower().propose(Commands.create("after")).verdict()).isEqualTo(Verdict.DONE);
    }
  }

  @Test
  void wholeGroupRestartsFromItsDisks() {
    long version;
    try (TestGroup group = new TestGroup(directory, 3).startAll()) {
      group.leader().propose(Commands.create("s"));
      version = group.follower().propose(Commands.set("s", CART, 0, "kept")).index();
      List.copyOf(group.running()).forEach(group::kill);
      for (String name : List.of("m1", "m2", "m3")) {
        group.start(name);
      }
      group.awaitLeader();
      assertThat(group.follower().propose(Commands.set("s", CART, version, "kept,more")).verdict())
          .isEqualTo(Verdict.DONE);
    }
  }

  @Test
  void rejectsLostLogAndForeignDirectory() throws Exception {
    try (TestGroup group = new TestGroup(directory, 3).startAll()) {
      Member first = group.follower();
      String name = first.name();
      group.kill(first);
      Path here = group.directoryOf(name);
      Files.move(here.resolve("log"), here.resolve("elsewhere"));
      assertThatThrownBy(() -> new RaftNode(group.settings(name), new Sessions(), new IgnoredTimings()))
          .isInstanceOf(MemberRejectedException.class)
          .hasMessageContaining("lost its log");
      GroupSettings foreign = group.settings(name);
      assertThatThrownBy(
          () -> new RaftNode(
              new GroupSettings(
                  foreign.name(),
                  foreign.members(),
                  group.directoryOf(group.leader().name()),
                  false,
                  foreign.logBytes(),
                  StartMode.MAY_FOUND,
                  false),
              new Sessions(), new IgnoredTimings()))
          .isInstanceOf(MemberRejectedException.class)
          .hasMessageContaining("in use");
    }
  }

  @Test
  void membersStartedOneByOneFormOneGroup() {
    try (TestGroup group = new TestGroup(directory, 3)) {
      Member first = group.start("m2");
      TestGroup.await(() -> RaftFaults.membersInView(first.node()) == 1);
      assertThat(first.node().unavailableReason())
          .hasValueSatisfying(reason -> assertThat(reason).contains("not founded"));
      group.start("m3");
      group.start("m1");
      group.awaitLeader();
      assertThat(first.propose(Commands.create("s")).verdict()).isEqualTo(Verdict.DONE);
    }
  }

  @Test
  void stoppedLeaderHandsOver() {
    try (TestGroup group = new TestGroup(directory, 3).startAll()) {
      Member leader = group.leader();
      leader.propose(Commands.create("s"));
      group.stop(leader);
      group.awaitLeader();
      assertThat(group.follower().propose(Commands.set("s", CART, 0, "on")).verdict()).isEqualTo(Verdict.DONE);
    }
  }

  private static void awaitProgress(List<Writer> writers) {
    Map<Writer, Integer> before = new ConcurrentHashMap<>();
    writers.forEach(writer -> before.put(writer, writer.acknowledgedCount.get()));
    TestGroup.await(
        () -> writers.stream()
            .allMatch(writer -> writer.acknowledgedCount.get() > before.getOrDefault(writer, 0) + 20));
  }

  private static void assertUnavailable(Member member, Command command) {
    assertThatThrownBy(() -> member.propose(command))
        .isInstanceOfSatisfying(
            SessionStoreException.class,
            refused -> assertThat(refused.reason()).isEqualTo(Reason.UNAVAILABLE));
  }

  private static String cart(Member member, String session) {
    SessionRecord record = member.find(session);
    SessionRecord.Attribute cart = record == null ? null : record.attributes().get(CART);
    return cart == null ? "" : Commands.text(cart.value());
  }
}
