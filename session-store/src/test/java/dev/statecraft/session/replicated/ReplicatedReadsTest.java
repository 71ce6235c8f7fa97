package dev.statecraft.session.replicated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.statecraft.session.AttributeCodec;
import dev.statecraft.session.KeyRingConfiguration;
import dev.statecraft.session.MovableTime;
import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.SessionStoreException.Reason;
import dev.statecraft.session.replicated.TestGroup.Member;
import dev.statecraft.signing.KeyRing;
import dev.statecraft.signing.Signer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jgroups.protocols.TP;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplicatedReadsTest {
  private static final Duration TIMEOUT = Duration.ofMinutes(10);
  private static final Duration DEADLINE = Duration.ofMillis(300);
  private static final KeyRing KEYS = KeyRing.random();
  private static final Signer SIGNER = KEYS.signer(KeyRingConfiguration.SIGNING_PURPOSE);
  private static final AttributeCodec CODEC = new AttributeCodec(List.of());

  @TempDir
  static Path directory;

  private static TestGroup group;

  private final MovableTime time = new MovableTime();
  private Member leader;
  private Member follower;

  @BeforeAll
  static void startGroup() {
    group = new TestGroup(directory, 3).startAll();
  }

  @AfterAll
  static void stopGroup() {
    group.close();
  }

  @BeforeEach
  void choose() {
    group.awaitLeader();
    leader = group.leader();
    follower = group.follower();
  }

  private ReplicatedSessionRepository repository(Member member, Reads reads) {
    return repository(member, reads, new Touches(member.node().sessions(), member.proposals(), time::millis));
  }

  private ReplicatedSessionRepository repository(Member member, Reads reads, Touches touches) {
    return new ReplicatedSessionRepository(
        member.node(),
        member.proposals(),
        touches,
        KEYS,
        CODEC,
        time,
        new ReplicatedSessionRepository.Settings(reads, TIMEOUT, DEADLINE),
        member.meters());
  }

  private static String opened(ReplicatedSessionRepository repository) {
    ReplicatedSession session = repository.createSession();
    session.setAttribute("user", "ada");
    repository.save(session);
    return session.getId();
  }

  private static void read(ReplicatedSessionRepository repository, String token, Instant now) {
    ReplicatedSession session = Objects.requireNonNull(repository.findById(token));
    session.setLastAccessedTime(now);
    assertThat(session.<String>getAttribute("user")).isEqualTo("ada");
    repository.save(session);
    repository.save(session);
    assertThat(session.getId()).as("a read that shows nothing new changes no cookie").isEqualTo(token);
  }

  private static long messagesSent() {
    return group
        .running()
        .stream()
        .map(member -> member.channel().getProtocolStack().getTransport())
        .mapToLong((TP transport) -> transport.getMessageStats().getNumMsgsSent())
        .sum();
  }

  @Test
  void readingCostsTheGroupNothing() {
    int reads = 20_000;
    for (Reads guarantee : List.of(Reads.SESSION, Reads.LOCAL)) {
      String token = opened(repository(leader, guarantee));
      ReplicatedSessionRepository repository = repository(follower, guarantee);
      group.awaitSame(group.running().toArray(Member[]::new));
      read(repository, token, time.instant());
      long index = leader.node().applied().value();
      double proposed = follower.meters().counter("statecraft.session.replicated.commands").count();
      long sent = messagesSent();
      for (int i = 0; i < reads; i++) {
        read(repository, token, time.instant());
      }
      // What the group sends anyway, to know that its members live, is far less than one message for each read.
      assertThat(messagesSent() - sent).isLessThan(reads / 20);
      assertThat(leader.node().applied().value()).isEqualTo(index);
      assertThat(follower.meters().counter("statecraft.session.replicated.commands").count()).isEqualTo(proposed);
    }
  }

  @Test
  void linearizableReadsThatComeTogetherShareEntries() throws Exception {
    String token = opened(repository(leader, Reads.LINEARIZABLE));
    ReplicatedSessionRepository repository = repository(follower, Reads.LINEARIZABLE);
    long before = leader.node().applied().value();
    int reads = 400;
    try (var threads = java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor()) {
      List<java.util.concurrent.Callable<ReplicatedSession>> each = java.util.Collections
          .nCopies(reads, () -> Objects.requireNonNull(repository.findById(token)));
      for (var result : threads.invokeAll(each)) {
        assertThat(result.get().<String>getAttribute("user")).isEqualTo("ada");
      }
    }
    assertThat(leader.node().applied().value() - before).isBetween(1L, reads / 4L);
  }

  @Test
  void aNodeThatLagsMakesItsUserWaitAndThenSaysSo() {
    String token = opened(repository(leader, Reads.SESSION));
    SessionToken plain = SessionToken.verify(SIGNER, follower.node().group().orElseThrow(), token).orElseThrow();
    String ahead = new SessionToken(plain.id(), leader.node().applied().value() + 1)
        .sign(SIGNER, follower.node().group().orElseThrow());
    ReplicatedSessionRepository session = repository(follower, Reads.SESSION);
    double waited = follower.meters().counter("statecraft.session.replicated.waited").count();
    assertThatThrownBy(() -> session.findById(ahead))
        .isInstanceOfSatisfying(
            SessionStoreException.class,
            refused -> assertThat(refused.reason()).isEqualTo(Reason.UNAVAILABLE));
    assertThat(follower.meters().counter("statecraft.session.replicated.waited").count()).isEqualTo(waited + 1);
    assertThat(repository(follower, Reads.LOCAL).findById(ahead)).isNotNull();

    Thread waiting = Thread.ofVirtual().unstarted(() -> read(session, ahead, time.instant()));
    waiting.start();
    leader.carryOut(new Command.Barrier());
    assertThat(session.findById(ahead)).isNotNull();
  }

  @Test
  void aTokenOfAnotherGroupOpensNothingAndWaitsForNothing() {
    String foreign = new SessionToken("s", Long.MAX_VALUE).sign(SIGNER, "another group");
    assertThat(repository(follower, Reads.SESSION).findById(foreign)).isNull();
  }

  @Test
  void whatAReadShowsIsInTheTokenAfterwards() {
    ReplicatedSessionRepository writer = repository(leader, Reads.SESSION);
    String old = opened(writer);
    ReplicatedSession change = Objects.requireNonNull(writer.findById(old));
    change.setAttribute("cart", "milk");
    writer.save(change);
    group.awaitSame(group.running().toArray(Member[]::new));

    ReplicatedSessionRepository reader = repository(follower, Reads.SESSION);
    ReplicatedSession shown = Objects.requireNonNull(reader.findById(old));
    assertThat(shown.<String>getAttribute("cart")).isEqualTo("milk");
    assertThat(shown.getId()).isEqualTo(change.getId()).isNotEqualTo(old);
  }

  @Test
  void manyReadsAreToldToTheGroupAtOnceAndOnlyWhenDue() {
    Touches touches = new Touches(follower.node().sessions(), follower.proposals(), time::millis);
    ReplicatedSessionRepository repository = repository(follower, Reads.SESSION, touches);
    List<String> tokens = java.util.stream.Stream.generate(() -> opened(repository)).limit(20).toList();
    long before = leader.node().applied().value();
    time.pass(Duration.ofSeconds(10));
    tokens.forEach(token -> read(repository, token, time.instant()));
    touches.tell();
    assertThat(touches.size()).isEqualTo(20);

    time.pass(Duration.ofSeconds(25));
    touches.tell();
    await().atMost(Duration.ofSeconds(10)).until(() -> {
      touches.tell();
      return touches.size() == 0;
    });
    assertThat(leader.node().applied().value() - before).isEqualTo(1);
  }

  @Test
  void aReadShortBeforeTheEndIsKnownElsewhereWhenItIsAnswered() {
    ReplicatedSessionRepository elsewhere = repository(leader, Reads.SESSION);
    String token = opened(elsewhere);
    time.pass(TIMEOUT.minusSeconds(1));
    read(repository(follower, Reads.SESSION), token, time.instant());
    time.pass(Duration.ofSeconds(2));

    assertThat(elsewhere.findById(token)).isNotNull();
  }

  @Test
  void theLeaderHasExpiredSessionsRemovedAndNoneThatWasUsed() {
    Touches touches = new Touches(leader.node().sessions(), leader.proposals(), time::millis);
    Expiry expiry = new Expiry(leader.node(), leader.proposals(), touches, time::millis);
    ReplicatedSessionRepository repository = repository(leader, Reads.SESSION, touches);
    String idle = opened(repository);
    String used = opened(repository);
    time.pass(TIMEOUT.minusSeconds(1));
    read(repository, used, time.instant());
    time.pass(Duration.ofSeconds(1));
    String idleId = SessionToken.verify(SIGNER, leader.node().group().orElseThrow(), idle).orElseThrow().id();
    await().atMost(Duration.ofSeconds(10)).until(() -> {
      expiry.look();
      return group.running().stream().allMatch(member -> member.find(idleId) == null);
    });
    assertThat(repository.findById(idle)).isNull();
    read(repository, used, time.instant());
  }
}
