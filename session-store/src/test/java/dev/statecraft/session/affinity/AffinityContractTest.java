package dev.statecraft.session.affinity;

import dev.statecraft.session.AttributeReader.UnreadablePolicy;
import dev.statecraft.session.contract.MovableTime;
import dev.statecraft.session.contract.RecordedEvents;
import dev.statecraft.session.contract.SessionContract;
import dev.statecraft.session.SessionStoreContext;
import dev.statecraft.session.SessionStrategy;
import dev.statecraft.session.contract.TestCluster;
import dev.statecraft.session.TestContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;

class AffinityContractTest extends SessionContract {
  @Override
  protected SessionStrategy strategy() {
    return new AffinityStrategy();
  }

  @Override
  protected TestCluster start() {
    MovableTime time = new MovableTime();
    RecordedEvents events = new RecordedEvents();
    return new TestCluster() {
      private final SessionStoreContext context = TestContext
          .of(TIMEOUT, codec(), time, UnreadablePolicy.END_SESSION, events);
      private final List<AffinitySessionRepository> nodes = List
          .of(new AffinitySessionRepository(context, 100),
              new AffinitySessionRepository(context, 100));

      @Override
      public SessionRepository<? extends Session> node(int index) {
        return nodes.get(index);
      }

      @Override
      public void kill(int index) {
        // The tests send no more requests to this node; its sessions are lost with it.
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
      public void removeExpired() {
        nodes.forEach(AffinitySessionRepository::removeExpired);
      }

      @Override
      public void close() {
        // Nothing to close.
      }
    };
  }
}
