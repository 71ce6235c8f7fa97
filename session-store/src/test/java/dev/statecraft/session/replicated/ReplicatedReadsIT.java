package dev.statecraft.session.replicated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.statecraft.session.KeyRingConfiguration;
import dev.statecraft.session.MovableTime;
import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.SessionStoreException.Reason;
import dev.statecraft.session.attribute.AttributeCodec;
import dev.statecraft.session.replicated.TestGroup.Member;
import dev.statecraft.signing.KeyRing;
import dev.statecraft.signing.Signer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What reads cost and guarantee, and how last accesses and expiry reach the log. */
class ReplicatedReadsIT {
  private static final Duration TIMEOUT = Duration.ofMinutes(10);
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
  void chooseMembers() {
    group.awaitLeader();
    leader = group.leader();
    follower = group.follower();
  }

  private ReplicatedSessionRepository repository(Member member, Reads reads) {
    return member.repository(KEYS, CODEC, time, reads, TIMEOUT);
  }

  private ReplicatedSessionRepository repository(
      Member member, Reads reads, Duration deadline, LastAccessTracker lastAccesses) {
    return member.repository(
        KEYS, CODEC, time, TIMEOUT, new ReplicatedSessionRepository.Settings(reads, deadline), lastAccesses);
  }

  private static String createSession(ReplicatedSessionRepository repository) {
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
    assertThat(session.getId()).as("token after a read without news").isEqualTo(token);
  }

  private SessionToken verified(String token) {
    return SessionToken.verify(SIGNER, groupId(), token).orElseThrow();
  }

  private String groupId() {
    return leader.node().group().orElseThrow();
  }

  private double count(String counter) {
    return follower.meters().counter("statecraft.session.replicated." + counter).count();
  }

  private static long messagesSent() {
    return group.running().stream().mapToLong(member -> member.node().status().sentMessages()).sum();
  }

  @ParameterizedTest
  @EnumSource(value = Reads.class, names = {"SESSION", "LOCAL"})
  void readsSendNoMessages(Reads guarantee) {
    int reads = 20_000;
    String token = createSession(repository(leader, guarantee));
    ReplicatedSessionRepository repository = repository(follower, guarantee);
    group.awaitSameIndex();
    read(repository, token, time.instant());
    double proposed = count("commands");
    long sent = messagesSent();
    for (int i = 0; i < reads; i++) {
      read(repository, token, time.instant());
    }
    // The group's heartbeats meanwhile are far fewer than one message for each read.
    assertThat(messagesSent() - sent).isLessThan(reads / 20);
    assertThat(count("commands")).isEqualTo(proposed);
  }

  @Test
  void concurrentLinearizableReadsShareEntries() throws Exception {
    String token = createSession(repository(leader, Reads.LINEARIZABLE));
    ReplicatedSessionRepository repository = repository(follower, Reads.LINEARIZABLE);
    double before = count("commands");
    int reads = 400;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<ReplicatedSession>> each = Collections
          .nCopies(reads, () -> Objects.requireNonNull(repository.findById(token)));
      for (Future<ReplicatedSession> result : threads.invokeAll(each)) {
        assertThat(result.get().<String>getAttribute("user")).isEqualTo("ada");
      }
    }
    assertThat(count("commands") - before).isBetween(1.0, reads / 4.0);
  }

  @Test
  void laggingNodeWaitsAndThenReportsIt() {
    String token = createSession(repository(leader, Reads.SESSION));
    group.awaitSameIndex();
    String ahead = new SessionToken(verified(token).id(), leader.node().appliedIndex() + 1).sign(SIGNER, groupId());
    ReplicatedSessionRepository shortDeadline = repository(
        follower, Reads.SESSION, Duration.ofMillis(300), follower.lastAccesses(time));
    double waited = count("waited");
    assertThatThrownBy(() -> shortDeadline.findById(ahead))
        .isInstanceOfSatisfying(
            SessionStoreException.class,
            failure -> assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE));
    assertThat(count("waited")).isEqualTo(waited + 1);
    assertThat(repository(follower, Reads.LOCAL).findById(ahead)).isNotNull();

    leader.propose(new Command.Barrier());
    assertThat(repository(follower, Reads.SESSION).findById(ahead)).isNotNull();
  }

  @Test
  void tokenOfOtherGroupIsInvalidWithoutWait() {
    String foreign = new SessionToken("s", Long.MAX_VALUE).sign(SIGNER, "another group");
    assertThat(repository(follower, Reads.SESSION).findById(foreign)).isNull();
  }

  @Test
  void tokenHoldsIndexOfWhatWasRead() {
    ReplicatedSessionRepository writer = repository(leader, Reads.SESSION);
    String old = createSession(writer);
    ReplicatedSession change = Objects.requireNonNull(writer.findById(old));
    change.setAttribute("cart", "milk");
    writer.save(change);
    group.awaitSameIndex();

    ReplicatedSessionRepository reader = repository(follower, Reads.SESSION);
    ReplicatedSession shown = Objects.requireNonNull(reader.findById(old));
    assertThat(shown.<String>getAttribute("cart")).isEqualTo("milk");
    assertThat(shown.getId()).isEqualTo(change.getId()).isNotEqualTo(old);
  }

  @Test
  void proposesDueLastAccessesInOneCommand() {
    LastAccessTracker lastAccesses = follower.lastAccesses(time);
    ReplicatedSessionRepository repository = repository(follower, Reads.SESSION, TestGroup.DEADLINE, lastAccesses);
    List<String> tokens = Stream.generate(() -> createSession(repository)).limit(20).toList();
    double before = count("commands");
    time.pass(Duration.ofSeconds(10));
    tokens.forEach(token -> read(repository, token, time.instant()));
    lastAccesses.flush();
    assertThat(lastAccesses.size()).isEqualTo(20);

    time.pass(Duration.ofSeconds(25));
    TestGroup.await(() -> {
      lastAccesses.flush();
      return lastAccesses.size() == 0;
    });
    assertThat(count("commands") - before).isEqualTo(1);
  }

  @Test
  void lateReadPreventsExpiryOnOtherNodes() {
    ReplicatedSessionRepository elsewhere = repository(leader, Reads.SESSION);
    String token = createSession(elsewhere);
    time.pass(TIMEOUT.minusSeconds(1));
    read(repository(follower, Reads.SESSION), token, time.instant());
    time.pass(Duration.ofSeconds(2));

    assertThat(elsewhere.findById(token)).isNotNull();
  }

  @Test
  void leaderRemovesExpiredSessionsOnly() {
    LastAccessTracker lastAccesses = leader.lastAccesses(time);
    Expiry expiry = new Expiry(leader.node(), leader.sessions(), leader.proposer(), lastAccesses, time::millis);
    List<String> reported = new CopyOnWriteArrayList<>();
    expiry.onRemoved(record -> reported.add(record.id()));
    ReplicatedSessionRepository repository = repository(leader, Reads.SESSION, TestGroup.DEADLINE, lastAccesses);
    String idle = createSession(repository);
    String used = createSession(repository);
    time.pass(TIMEOUT.minusSeconds(1));
    read(repository, used, time.instant());
    time.pass(Duration.ofSeconds(1));
    String idleId = verified(idle).id();
    TestGroup.await(() -> {
      expiry.run();
      return group.running().stream().allMatch(member -> member.find(idleId) == null);
    });
    assertThat(repository.findById(idle)).isNull();
    read(repository, used, time.instant());
    TestGroup.await(() -> reported.contains(idleId));
    assertThat(reported).containsOnlyOnce(idleId).doesNotContain(verified(used).id());
  }
}
