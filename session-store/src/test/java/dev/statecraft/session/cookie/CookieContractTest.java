package dev.statecraft.session.cookie;

import dev.statecraft.session.AttributeReader.UnreadablePolicy;
import dev.statecraft.session.contract.MovableTime;
import dev.statecraft.session.contract.RecordedEvents;
import dev.statecraft.session.contract.RollingUpgrade;
import dev.statecraft.session.contract.SessionContract;
import dev.statecraft.session.SessionStoreContext;
import dev.statecraft.session.SessionStrategy;
import dev.statecraft.session.contract.TestCluster;
import dev.statecraft.session.contract.TypeVersions;
import dev.statecraft.session.TestContext;
import dev.statecraft.signing.KeyRing;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;

class CookieContractTest extends SessionContract {
  @Override
  protected SessionStrategy strategy() {
    return new CookieStrategy();
  }

  @Override
  protected TestCluster start() {
    MovableTime time = new MovableTime();
    KeyRing keys = KeyRing.random();
    RecordedEvents events = new RecordedEvents();
    SessionStoreContext context = TestContext.of(TIMEOUT, codec(), time, UnreadablePolicy.END_SESSION, events);
    return new TestCluster() {
      private final List<CookieSessionRepository> nodes = Stream
          .generate(() -> new CookieSessionRepository(context, keys, TIMEOUT.multipliedBy(10), "SESSION", null))
          .limit(2)
          .toList();

      @Override
      public SessionRepository<? extends Session> node(int index) {
        return nodes.get(index);
      }

      @Override
      public void kill(int index) {
        // A node holds no state.
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
      public void pass(Duration duration) {
        time.pass(duration);
      }

      @Override
      public void close() {
        // Nothing to close.
      }
    };
  }

  @Test
  void rollingUpgradeLosesNoFieldAndNoSession(@TempDir Path directory) {
    MovableTime time = new MovableTime();
    KeyRing keys = KeyRing.random();
    TypeVersions types = new TypeVersions(directory);
    List<CookieSessionRepository> nodes = Stream.of(types.oldCodec(), types.newCodec())
        .map(codec -> new CookieSessionRepository(
            TestContext.of(TIMEOUT, codec, time), keys, TIMEOUT.multipliedBy(10), "SESSION", null))
        .toList();

    new RollingUpgrade(types, nodes.getFirst(), nodes.getLast(), time.instant()).alternatingWritersLoseNothing();
  }
}
