package dev.statecraft.session.replicated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.SessionStoreException.Reason;
import dev.statecraft.session.attribute.AttributeCodec;
import dev.statecraft.session.replicated.TestGroup.Member;
import dev.statecraft.session.replicated.consensus.LeaveResult;
import dev.statecraft.session.replicated.raft.RaftFaults;
import dev.statecraft.signing.KeyRing;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.util.FileSystemUtils;

/** Nodes that join a group and leave it while it serves writes. */
class GroupResizeIT {

  @TempDir
  Path directory;

  /** Creates sessions through all available members in turn and records those that were acknowledged. */
  private static final class Writer implements AutoCloseable {
    private final TestGroup group;
    private final List<String> acknowledged = new CopyOnWriteArrayList<>();
    private final AtomicBoolean stop = new AtomicBoolean();
    private final Thread thread;

    Writer(TestGroup group) {
      this.group = group;
      thread = Thread.ofPlatform().daemon().start(this::run);
    }

    private void run() {
      int round = 0;
      while (!stop.get()) {
        List<Member> members = available();
        String session = "s" + round + "x".repeat(200);
        if (members.isEmpty()) {
          Thread.onSpinWait();
        } else if (members.get(round++ % members.size()).tryPropose(Commands.create(session))) {
          acknowledged.add(session);
        }
      }
    }

    private List<Member> available() {
      return group.running().stream().filter(member -> member.node().unavailableReason().isEmpty()).toList();
    }

    /** Waits until more writes are acknowledged and all members have applied all acknowledged ones. */
    void assertServes() {
      int before = acknowledged.size();
      TestGroup.await(() -> acknowledged.size() > before + 20);
      List<String> all = List.copyOf(acknowledged);
      for (Member member : group.running()) {
        TestGroup.await(() -> all.stream().allMatch(session -> member.find(session) != null));
      }
    }

    @Override
    public void close() {
      stop.set(true);
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Test
  void growsToFiveAndShrinksToOneWhileServing() throws Exception {
    // With snapshots, from which new members must learn the configuration too.
    try (TestGroup group = new TestGroup(directory, 3).logBytes(20_000).startAll(); Writer writer = new Writer(group)) {
      writer.assertServes();
      for (String name : List.of("m4", "m5")) {
        group.join(name);
        group.awaitLeader();
        writer.assertServes();
        assertThat(group.leader().node().status().members()).contains(name);
      }
      assertMembers(group, "m1", "m2", "m3", "m4", "m5");
      for (String name : List.of("m5", "m1", "m3", "m4")) {
        group.leave(group.get(name));
        group.awaitLeader();
        writer.assertServes();
        assertThat(group.leader().node().status().members()).doesNotContain(name);
      }
      assertMembers(group, "m2");
      assertThat(group.get("m2").node().leave(TestGroup.SHORT_DEADLINE)).isInstanceOfSatisfying(
          LeaveResult.Refused.class, refused -> assertThat(refused.reason()).contains("only member"));
      writer.assertServes();
    }
  }

  @Test
  void leavingLeadersHandOverToLastMember() {
    try (TestGroup group = new TestGroup(directory, 3).startAll(); Writer writer = new Writer(group)) {
      for (int left = 2; left > 0; left--) {
        writer.assertServes();
        group.leave(group.leader());
        group.awaitLeader();
        assertThat(group.leader().node().status().members()).hasSize(left);
      }
      writer.assertServes();
    }
  }

  @Test
  void fourthMemberCountsInMajority() {
    try (TestGroup group = new TestGroup(directory, 3).startAll()) {
      group.join("m4");
      group.awaitLeader();
      Member first = group.follower();
      group.kill(first);
      group.awaitLeader();
      assertThat(group.leader().tryPropose(Commands.create("three of four"))).isTrue();
      Member second = group.follower();
      group.kill(second);
      TestGroup.await(
          () -> group.running().stream().noneMatch(member -> member.node().unavailableReason().isEmpty()));
      assertThat(group.running()).noneMatch(
          member -> member.withDeadline(TestGroup.SHORT_DEADLINE).tryPropose(Commands.create("two of four")));
      group.start(first.name());
      group.awaitLeader();
      assertThat(group.leader().tryPropose(Commands.create("three again"))).isTrue();
    }
  }

  @Test
  void grownGroupRestartsWithLeaderUnknownToFounder() {
    try (TestGroup group = new TestGroup(directory, 1).startAll()) {
      group.join("m2");
      group.awaitLeader();
      group.join("m3");
      group.awaitLeader();
      // From now on the leader is a node that the founder's list lacks.
      group.stop(group.get("m1"));
      group.awaitLeader();
      assertThat(group.leader().tryPropose(Commands.create("before"))).isTrue();
      Member founder = group.start("m1");
      group.awaitLeader();
      assertMembers(group, "m1", "m2", "m3");
      TestGroup.await(() -> founder.find("before") != null);

      Member joiner = group.leader().name().equals("m1") ? group.follower() : group.leader();
      group.kill(joiner);
      group.awaitLeader();
      group.start(joiner.name());
      group.awaitLeader();

      List.copyOf(group.running()).forEach(group::stop);
      List.of("m3", "m1", "m2").forEach(group::start);
      group.awaitLeader();
      for (Member each : group.running()) {
        TestGroup.await(() -> each.find("before") != null);
      }
      assertThat(group.get("m1").tryPropose(Commands.create("after"))).isTrue();
    }
  }

  @Test
  void grownGroupAddsWipedMembersAgain() {
    try (TestGroup group = new TestGroup(directory, 3).startAll(); Writer writer = new Writer(group)) {
      group.join("m4");
      group.awaitLeader();
      group.join("m5");
      group.awaitLeader();
      writer.assertServes();
      for (String name : List.of("m1", "m4")) {
        group.wipe(group.get(name));
        group.awaitLeader();
        writer.assertServes();
        group.start(name);
        group.awaitLeader();
        assertMembers(group, "m1", "m2", "m3", "m4", "m5");
        writer.assertServes();
      }
    }
  }

  @Test
  void nodeJoinsWhileMemberIsDown() {
    try (TestGroup group = new TestGroup(directory, 3).startAll(); Writer writer = new Writer(group)) {
      Member away = group.follower();
      group.kill(away);
      group.awaitLeader();
      Member joined = group.join("m4");
      group.awaitLeader();
      writer.assertServes();
      assertThat(joined.node().status().members()).containsExactly("m1", "m2", "m3", "m4");
      group.start(away.name());
      group.awaitLeader();
      writer.assertServes();
      assertMembers(group, "m1", "m2", "m3", "m4");
    }
  }

  @Test
  void groupsWithCommonAddressesDoNotMix() {
    try (TestGroup group = new TestGroup(directory, 1).startAll()) {
      group.join("m2");
      group.awaitLeader();
      group.join("m3");
      group.awaitLeader();
      assertThat(group.leader().tryPropose(Commands.create("old"))).isTrue();
      group.wipe(group.get("m1"));
      group.awaitLeader();
      Member left = group.get("m2");

      // It lists only itself and founds a second group, although a majority of the first is alive.
      Member founder = group.start("m1");
      TestGroup.await(() -> founder.node().leads() && RaftFaults.nodesInView(left.node()) == 3);
      for (int i = 0; i < 20; i++) {
        String of = "m1's " + i;
        String ours = "m2's " + i;
        TestGroup.await(() -> founder.tryPropose(Commands.create(of)) || founder.find(of) != null);
        TestGroup.await(() -> left.tryPropose(Commands.create(ours)) || left.find(ours) != null);
      }
      assertThat(founder.node().group()).isNotEqualTo(left.node().group());
      TestGroup.await(() -> left.sessions().size() == 21);
      assertThat(left.find("m1's 0")).isNull();
      assertThat(founder.sessions().size()).isEqualTo(20);
      assertThat(founder.node().status().members()).containsExactly("m1");
      assertThat(left.node().membership().members()).containsExactly("m1", "m2", "m3");
    }
  }

  @Test
  void joiningNodeWaitsUntilGroupIsFounded() {
    try (TestGroup group = new TestGroup(directory, 3)) {
      group.start("m1");
      group.start("m2");
      Member early = group.join("m4", Set.of("m1", "m2", "m3"));
      TestGroup.awaitUnavailable(early, "none of the connected nodes [m1, m2] belongs to one");
      group.start("m3");
      group.awaitLeader();
      assertMembers(group, "m1", "m2", "m3", "m4");
    }
  }

  @Test
  void memberThatLeftServesNothingUntilRestart() throws IOException, InterruptedException {
    try (TestGroup group = new TestGroup(directory, 3).startAll()) {
      assertThat(group.leader().tryPropose(Commands.create("s"))).isTrue();
      for (boolean wiped : List.of(false, true)) {
        Member leaver = group.follower();
        KeyRing keys = KeyRing.random();
        ReplicatedSessionRepository sessions = repository(leaver, keys);
        ReplicatedSession session = sessions.createSession();
        session.setAttribute("a", "b");
        sessions.save(session);
        assertThat(sessions.findById(session.getId())).isNotNull();

        assertThat(leaver.node().leave(TestGroup.WAIT_TIMEOUT)).isEqualTo(new LeaveResult.Done());
        assertThat(leaver.node().leave(TestGroup.SHORT_DEADLINE)).as("second request")
            .isEqualTo(new LeaveResult.Done());
        assertThat(leaver.node().unavailableReason())
            .hasValueSatisfying(reason -> assertThat(reason).contains("left the group"));
        assertThat(leaver.node().membership().member()).isFalse();
        assertUnavailable(() -> sessions.findById(session.getId()));
        assertUnavailable(() -> sessions.save(sessions.createSession()));
        assertThat(RaftFaults.isConnected(leaver.node())).isFalse();

        group.stop(leaver);
        group.awaitLeader();
        assertThat(group.leader().node().status().members()).hasSize(2).doesNotContain(leaver.name());
        assertThat(group.leader().tryPropose(Commands.create("without " + wiped))).isTrue();
        if (wiped) {
          FileSystemUtils.deleteRecursively(group.directoryOf(leaver.name()));
        }
        Member back = group.start(leaver.name());
        group.awaitLeader();
        assertMembers(group, "m1", "m2", "m3");
        TestGroup.await(() -> back.find("without " + wiped) != null);
      }
    }
  }

  @Test
  void joinersLeaveOnCloseAndJoinAgain() {
    try (
        TestGroup group = new TestGroup(directory, 3).joinersLeave().startAll();
        Writer writer = new Writer(group)) {
      Set<String> founders = Set.of("m1", "m2", "m3");
      group.join("m4", founders);
      group.awaitLeader();
      group.join("m5", founders);
      group.awaitLeader();
      writer.assertServes();
      assertMembers(group, "m1", "m2", "m3", "m4", "m5");

      group.stop(group.get("m5"));
      group.awaitLeader();
      assertMembers(group, "m1", "m2", "m3", "m4");
      group.start("m5");
      group.awaitLeader();
      assertMembers(group, "m1", "m2", "m3", "m4", "m5");

      group.stop(group.get("m5"));
      group.stop(group.get("m4"));
      group.stop(group.get("m3"));
      group.awaitLeader();
      // A stopped founder is still a member.
      assertThat(group.leader().node().status().members()).containsExactly("m1", "m2", "m3");
      writer.assertServes();
    }
  }

  @Test
  void leavingOnCloseDoesNotWaitForStoppedGroup() {
    try (TestGroup group = new TestGroup(directory, 1).joinersLeave().startAll()) {
      group.join("m2");
      group.awaitLeader();
      group.kill(group.get("m1"));
      Member last = group.get("m2");
      TestGroup.await(() -> RaftFaults.membersInView(last.node()) == 1);
      group.stop(last);
      group.start("m1");
      group.start("m2");
      group.awaitLeader();
      assertMembers(group, "m1", "m2");
    }
  }

  @Test
  void refusesLeaveThatLosesMajority() throws InterruptedException {
    try (TestGroup group = new TestGroup(directory, 3).startAll()) {
      group.kill(group.follower());
      group.awaitLeader();
      for (Member member : group.running()) {
        TestGroup.await(() -> RaftFaults.membersInView(member.node()) == 2);
        assertThat(member.node().leave(TestGroup.SHORT_DEADLINE)).isInstanceOfSatisfying(
            LeaveResult.Refused.class, refused -> assertThat(refused.reason()).contains("no majority"));
      }
      assertMembers(group, "m1", "m2", "m3");
      assertThat(group.leader().tryPropose(Commands.create("still served"))).isTrue();
    }
  }

  @Test
  void isolatedMemberLearnsLaterThatItLeft() throws InterruptedException {
    try (TestGroup group = new TestGroup(directory, 3).startAll()) {
      Member isolated = group.follower();
      // Its view still has the other members, but no message arrives.
      RaftFaults.dropAll(isolated.node());
      assertThat(isolated.node().leave(TestGroup.SHORT_DEADLINE)).isInstanceOf(LeaveResult.Unknown.class);
      RaftFaults.heal(isolated.node());
      // The request may or may not reach the leader now.
      TestGroup.await(() -> isolated.node().leave(TestGroup.SHORT_DEADLINE) instanceof LeaveResult.Done);
      group.stop(isolated);
      group.awaitLeader();
      assertThat(group.leader().node().status().members()).hasSize(2).doesNotContain(isolated.name());
    }
  }

  @Test
  void concurrentLeavesAreCommittedOneByOne() throws InterruptedException {
    try (TestGroup group = new TestGroup(directory, 3).startAll(); Writer writer = new Writer(group)) {
      Member stays = group.follower();
      List<Member> leavers = group.running().stream().filter(member -> !member.equals(stays)).toList();
      List<Thread> threads = leavers.stream().map(leaver -> Thread.ofVirtual().start(() -> group.leave(leaver)))
          .toList();
      for (Thread thread : threads) {
        thread.join();
      }
      group.awaitLeader();
      assertMembers(group, stays.name());
      writer.assertServes();
    }
  }

  @Test
  void endpointReportsResultOfLeave() {
    try (TestGroup group = new TestGroup(directory, 2).startAll()) {
      Member leaver = group.leader();
      Member stays = group.follower();
      MembershipEndpoint endpoint = new MembershipEndpoint(leaver.node());
      assertThat(endpoint.show().members()).containsExactly("m1", "m2");
      assertThat(endpoint.leave().getStatus()).isEqualTo(200);
      assertThat(endpoint.show().member()).isFalse();
      group.stop(leaver);
      group.awaitLeader();
      WebEndpointResponse<Object> refused = new MembershipEndpoint(stays.node()).leave();
      assertThat(refused.getStatus()).isEqualTo(409);
      assertThat(refused.getContentType()).hasToString("application/problem+json");
    }
  }

  private static ReplicatedSessionRepository repository(Member member, KeyRing keys) {
    return member.repository(
        keys, new AttributeCodec(List.of()), InstantSource.system(), Reads.SESSION, Duration.ofMinutes(30));
  }

  private static void assertMembers(TestGroup group, String... names) {
    for (Member each : group.running()) {
      await().atMost(TestGroup.WAIT_TIMEOUT).untilAsserted(() -> assertThat(each.node().membership())
          .satisfies(membership -> assertThat(membership.members()).containsExactly(names))
          .satisfies(membership -> assertThat(membership.changing()).isFalse())
          .satisfies(membership -> assertThat(membership.member()).isTrue()));
    }
  }

  private static void assertUnavailable(ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOfSatisfying(
        SessionStoreException.class,
        refused -> assertThat(refused.reason()).isEqualTo(Reason.UNAVAILABLE));
  }
}
