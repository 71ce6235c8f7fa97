package dev.statecraft.session.replicated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.statecraft.session.AttributeCodec;
import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.SessionStoreException.Reason;
import dev.statecraft.session.replicated.TestGroup.Member;
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

/** Members that come to a group and leave it, while it serves. */
class GroupResizeTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration SHORT = Duration.ofMillis(700);

  @TempDir
  Path directory;

  /**
   * Opens one session after the other through one member after the other, and remembers those that were acknowledged.
   */
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
        List<Member> members = await().atMost(PATIENCE).until(this::takingPart, some -> !some.isEmpty());
        String session = "s" + round + "x".repeat(200);
        if (members.get(round++ % members.size()).tries(Commands.opening(session))) {
          acknowledged.add(session);
        }
      }
    }

    private List<Member> takingPart() {
      return group.running().stream().filter(member -> member.node().whyNotTakingPart().isEmpty()).toList();
    }

    /** Waits until some more are acknowledged, and until all members have all that are. */
    void assertServes() {
      int before = acknowledged.size();
      await().atMost(PATIENCE).until(() -> acknowledged.size() > before + 20);
      List<String> all = List.copyOf(acknowledged);
      for (Member member : group.running()) {
        await().atMost(PATIENCE).until(() -> all.stream().allMatch(session -> member.find(session) != null));
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
  void aGroupGrowsToFiveAndShrinksToOneWhileItServes() throws Exception {
    // Snapshots on the way, by which newcomers must learn also who the members are.
    try (TestGroup group = new TestGroup(directory, 3).logBytes(20_000).startAll(); Writer writer = new Writer(group)) {
      writer.assertServes();
      for (String name : List.of("m4", "m5")) {
        group.join(name);
        group.awaitLeader();
        writer.assertServes();
        assertThat(group.leader().node().members()).contains(name);
      }
      assertMembers(group, "m1", "m2", "m3", "m4", "m5");
      for (String name : List.of("m5", "m1", "m3", "m4")) {
        group.leave(group.get(name));
        group.awaitLeader();
        writer.assertServes();
        assertThat(group.leader().node().members()).doesNotContain(name);
      }
      assertMembers(group, "m2");
      assertThat(group.get("m2").node().leave(SHORT)).isInstanceOfSatisfying(
          Departure.Refused.class, refused -> assertThat(refused.reason()).contains("only member"));
      writer.assertServes();
    }
  }

  @Test
  void aLeaderThatLeavesHandsOverDownToALastMember() {
    try (TestGroup group = new TestGroup(directory, 3).startAll(); Writer writer = new Writer(group)) {
      for (int left = 2; left > 0; left--) {
        writer.assertServes();
        group.leave(group.leader());
        group.awaitLeader();
        assertThat(group.leader().node().members()).hasSize(left);
      }
      writer.assertServes();
    }
  }

  @Test
  void aFourthMemberCounts() {
    try (TestGroup group = new TestGroup(directory, 3)) {
      List.of("m1", "m2", "m3").forEach(name -> group.start(name, SHORT));
      group.awaitLeader();
      group.join("m4");
      group.awaitLeader();
      Member first = group.follower();
      group.kill(first);
      group.awaitLeader();
      assertThat(group.leader().tries(Commands.opening("three of four"))).isTrue();
      Member second = group.follower();
      group.kill(second);
      await().atMost(PATIENCE).until(
          () -> group.running().stream().noneMatch(member -> member.node().whyNotTakingPart().isEmpty()));
      assertThat(group.running()).noneMatch(member -> member.tries(Commands.opening("two of four")));
      group.start(first.name());
      group.awaitLeader();
      assertThat(group.leader().tries(Commands.opening("three again"))).isTrue();
    }
  }

  @Test
  void aGroupThatHasGrownStartsAgainAndOldMembersFindALeaderThatTheirListLacks() {
    try (TestGroup group = new TestGroup(directory, 1).startAll()) {
      group.join("m2");
      group.awaitLeader();
      group.join("m3");
      group.awaitLeader();
      // From now on one of those leads whom the founder does not know by its list.
      group.stop(group.get("m1"));
      group.awaitLeader();
      assertThat(group.leader().tries(Commands.opening("before"))).isTrue();
      Member founder = group.start("m1");
      group.awaitLeader();
      assertMembers(group, "m1", "m2", "m3");
      await().atMost(PATIENCE).until(() -> founder.find("before") != null);

      Member joiner = group.leader().name().equals("m1") ? group.follower() : group.leader();
      group.kill(joiner);
      group.awaitLeader();
      group.start(joiner.name());
      group.awaitLeader();

      List.copyOf(group.running()).forEach(group::stop);
      List.of("m3", "m1", "m2").forEach(group::start);
      group.awaitLeader();
      for (Member each : group.running()) {
        await().atMost(PATIENCE).until(() -> each.find("before") != null);
      }
      assertThat(group.get("m1").tries(Commands.opening("after"))).isTrue();
    }
  }

  @Test
  void aWipedFounderIsTakenInAgainByAGroupThatHasGrown() {
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
  void aNodeJoinsWhileAMemberIsDown() {
    try (TestGroup group = new TestGroup(directory, 3).startAll(); Writer writer = new Writer(group)) {
      Member away = group.follower();
      group.kill(away);
      group.awaitLeader();
      Member joined = group.join("m4");
      group.awaitLeader();
      writer.assertServes();
      assertThat(joined.node().members()).containsExactly("m1", "m2", "m3", "m4");
      group.start(away.name());
      group.awaitLeader();
      writer.assertServes();
      assertMembers(group, "m1", "m2", "m3", "m4");
    }
  }

  @Test
  void aGroupThatItsFoundersFoundAnewAndTheOneThatIsLeftDoNotMix() {
    try (TestGroup group = new TestGroup(directory, 1).startAll()) {
      group.join("m2");
      group.awaitLeader();
      group.join("m3");
      group.awaitLeader();
      assertThat(group.leader().tries(Commands.opening("old"))).isTrue();
      group.wipe(group.get("m1"));
      group.awaitLeader();
      Member left = group.get("m2");

      // It knows of nobody else and founds a group of its own, though a majority of the former one lives.
      Member founder = group.start("m1");
      await().atMost(PATIENCE).until(() -> founder.node().leads() && left.channel().getView().size() == 3);
      for (int i = 0; i < 20; i++) {
        String of = "m1's " + i;
        String ours = "m2's " + i;
        await().atMost(PATIENCE).until(() -> founder.tries(Commands.opening(of)) || founder.find(of) != null);
        await().atMost(PATIENCE).until(() -> left.tries(Commands.opening(ours)) || left.find(ours) != null);
      }
      assertThat(founder.node().group()).isNotEqualTo(left.node().group());
      await().atMost(PATIENCE).until(() -> left.node().sessions().size() == 21);
      assertThat(left.find("m1's 0")).isNull();
      assertThat(founder.node().sessions().size()).isEqualTo(20);
      assertThat(founder.node().members()).containsExactly("m1");
      assertThat(left.node().membership().members()).containsExactly("m1", "m2", "m3");
    }
  }

  @Test
  void aNodeThatJoinsWaitsForAGroupThatIsNotFoundedYet() {
    try (TestGroup group = new TestGroup(directory, 3)) {
      group.start("m1");
      group.start("m2");
      Member early = group.join("m4", Set.of("m1", "m2", "m3"));
      await().atMost(PATIENCE).untilAsserted(
          () -> assertThat(early.node().whyNotTakingPart()).hasValueSatisfying(
              why -> assertThat(why).contains("none of [m1, m2], of whom it has heard, belongs to one")));
      group.start("m3");
      group.awaitLeader();
      assertMembers(group, "m1", "m2", "m3", "m4");
    }
  }

  @Test
  void aMemberThatHasLeftServesNothingAndComesBackWhenItIsStartedAnew() throws IOException, InterruptedException {
    try (TestGroup group = new TestGroup(directory, 3).startAll()) {
      assertThat(group.leader().tries(Commands.opening("s"))).isTrue();
      for (boolean wiped : List.of(false, true)) {
        Member leaver = group.follower();
        KeyRing keys = KeyRing.random();
        ReplicatedSessionRepository sessions = repository(leaver, keys);
        ReplicatedSession session = sessions.createSession();
        session.setAttribute("a", "b");
        sessions.save(session);
        assertThat(sessions.findById(session.getId())).isNotNull();

        assertThat(leaver.node().leave(PATIENCE)).isEqualTo(new Departure.Done());
        assertThat(leaver.node().leave(SHORT)).as("asked again").isEqualTo(new Departure.Done());
        assertThat(leaver.node().whyNotTakingPart())
            .hasValueSatisfying(why -> assertThat(why).contains("left the group"));
        assertThat(leaver.node().membership().member()).isFalse();
        assertUnavailable(() -> sessions.findById(session.getId()));
        assertUnavailable(() -> sessions.save(sessions.createSession()));
        assertThat(leaver.channel().isConnected()).isFalse();

        group.stop(leaver);
        group.awaitLeader();
        assertThat(group.leader().node().members()).hasSize(2).doesNotContain(leaver.name());
        assertThat(group.leader().tries(Commands.opening("without " + wiped))).isTrue();
        if (wiped) {
          FileSystemUtils.deleteRecursively(group.directoryOf(leaver.name()));
        }
        Member back = group.start(leaver.name());
        group.awaitLeader();
        assertMembers(group, "m1", "m2", "m3");
        await().atMost(PATIENCE).until(() -> back.find("without " + wiped) != null);
      }
    }
  }

  @Test
  void whoComesWithTheFoundersListAloneGoesAsItEndsAndComesAgain() {
    try (
        TestGroup group = new TestGroup(directory, 3).joinersLeave(true).startAll();
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
      // A founder counts though it has ended.
      assertThat(group.leader().node().members()).containsExactly("m1", "m2", "m3");
      writer.assertServes();
    }
  }

  @Test
  void whoLeavesAtItsEndDoesNotWaitForAGroupThatHasEndedBefore() {
    try (TestGroup group = new TestGroup(directory, 1).joinersLeave(true).startAll()) {
      group.join("m2");
      group.awaitLeader();
      group.kill(group.get("m1"));
      Member last = group.get("m2");
      await().atMost(PATIENCE).until(() -> last.node().membersInView() == 1);
      group.stop(last);
      group.start("m1");
      group.start("m2");
      group.awaitLeader();
      assertMembers(group, "m1", "m2");
    }
  }

  @Test
  void nobodyLeavesWhereThoseWhoAreLeftCouldNotDecide() throws InterruptedException {
    try (TestGroup group = new TestGroup(directory, 3).startAll()) {
      group.kill(group.follower());
      group.awaitLeader();
      for (Member member : group.running()) {
        await().atMost(PATIENCE).until(() -> member.node().membersInView() == 2);
        assertThat(member.node().leave(SHORT)).isInstanceOfSatisfying(
            Departure.Refused.class, refused -> assertThat(refused.reason()).contains("too few to decide"));
      }
      assertMembers(group, "m1", "m2", "m3");
      assertThat(group.leader().tries(Commands.opening("still served"))).isTrue();
    }
  }

  @Test
  void whoIsCutOffDoesNotKnowWhetherItHasLeftAndLearnsItWhenItIsBack() throws InterruptedException {
    try (TestGroup group = new TestGroup(directory, 3).startAll()) {
      Member cutOff = group.follower();
      // It still sees the others when it asks, and none of them hears it.
      group.isolate(cutOff);
      assertThat(cutOff.node().leave(SHORT)).isInstanceOf(Departure.Unknown.class);
      group.heal(cutOff);
      // What it asked for may reach the leader now, or not.
      await().atMost(PATIENCE).until(() -> cutOff.node().leave(SHORT) instanceof Departure.Done);
      group.stop(cutOff);
      group.awaitLeader();
      assertThat(group.leader().node().members()).hasSize(2).doesNotContain(cutOff.name());
    }
  }

  @Test
  void twoThatAskAtOnceLeaveOneAfterTheOther() throws InterruptedException {
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
  void theEndpointTellsWhatCameOfIt() {
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
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(each.node().membership())
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
