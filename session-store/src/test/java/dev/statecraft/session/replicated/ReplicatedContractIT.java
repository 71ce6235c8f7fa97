package dev.statecraft.session.replicated;

import dev.statecraft.session.SessionStrategy;
import dev.statecraft.session.contract.MovableTime;
import dev.statecraft.session.contract.SessionContract;
import dev.statecraft.session.contract.TestCluster;
import dev.statecraft.session.replicated.TestGroup.Member;
import dev.statecraft.signing.KeyRing;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
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
    List<ReplicatedSessionRepository> nodes = NAMES
        .stream()
        .map(name -> group.get(name).repository(KEYS, codec(), time, Reads.SESSION, TIMEOUT))
        .toList();
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
}
