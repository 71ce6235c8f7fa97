package dev.statecraft.session.replicated;

import dev.statecraft.session.AttributeReader.UnreadablePolicy;
import dev.statecraft.session.SessionStoreContext;
import dev.statecraft.session.SessionStrategy;
import dev.statecraft.session.TestContext;
import dev.statecraft.session.contract.MovableTime;
import dev.statecraft.session.contract.RecordedEvents;
import dev.statecraft.session.contract.RollingUpgrade;
import dev.statecraft.session.contract.SessionContract;
import dev.statecraft.session.contract.TestCluster;
import dev.statecraft.session.contract.TypeVersions;
import dev.statecraft.session.replicated.TestGroup.Member;
import dev.statecraft.signing.KeyRing;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;

class ReplicatedContractIT extends SessionContract {
  private static final List<String> NAMES = List.of("m1", "m2", "m3");
  private static final KeyRing KEYS = KeyRing.random();

  @TempDir
  static Path directory;

  private static TestGroup group;

  @BeforeAll
  static void startGroup() {
    group = new TestGroup(directory, 3).startAll();
  }

  @AfterAll
  static void stopGroup() {
    group.close();
  }

  @Override
  protected SessionStrategy strategy() {
    return new ReplicatedStrategy();
  }

  @Override
  protected TestCluster start() {
    MovableTime time = new MovableTime();
    RecordedEvents events = new RecordedEvents();
    SessionStoreContext context = TestContext.of(TIMEOUT, codec(), time, UnreadablePolicy.END_SESSION, events);
    List<ReplicatedSessionRepository> nodes = new ArrayList<>();
    List<Expiry> expiries = new ArrayList<>();
    for (String name : NAMES) {
      Member member = group.get(name);
      LastAccessTracker lastAccesses = member.lastAccesses(time);
      ReplicatedSessionRepository node = member.repository(
          KEYS, context, new ReplicatedSessionRepository.Settings(Reads.SESSION, TestGroup.DEADLINE), lastAccesses);
      Expiry expiry = new Expiry(member.node(), member.sessions(), member.proposer(), lastAccesses, time::millis);
      expiry.onRemoved(node::expired);
      nodes.add(node);
      expiries.add(expiry);
    }
    return new TestCluster() {
      @Override
      public SessionRepository<? extends Session> node(int index) {
        return nodes.get(index);
      }

      @Override
      public void kill(int index) {
        group.kill(group.get(NAMES.get(index)));
      }

      @Override
      public Instant now() {
        return time.instant();
      }

      @Override
      public RecordedEvents events() {
        return events;
      }

      @Override
      public void removeExpired() {
        expiries.forEach(Expiry::run);
      }

      @Override
      public void pass(Duration duration) {
        time.pass(duration);
      }

      @Override
      public void close() {
        List<String> running = group.running().stream().map(Member::name).toList();
        NAMES.stream().filter(name -> !running.contains(name)).forEach(group::start);
        group.awaitLeader();
      }
    };
  }

  @Test
  void rollingUpgradeLosesNoFieldAndNoSession(@TempDir Path classes) {
    MovableTime time = new MovableTime();
    TypeVersions types = new TypeVersions(classes);
    new RollingUpgrade(types,
        group.get("m1").repository(KEYS, types.oldCodec(), time, Reads.SESSION, TIMEOUT),
        group.get("m2").repository(KEYS, types.newCodec(), time, Reads.SESSION, TIMEOUT), time.instant())
        .concurrentWritersLoseNothing();
  }
}
