package dev.statecraft.session.affinity;

import dev.statecraft.session.MovableTime;
import dev.statecraft.session.SessionContract;
import dev.statecraft.session.SessionStoreContext;
import dev.statecraft.session.SessionStrategy;
import dev.statecraft.session.TestCluster;
import dev.statecraft.session.TestContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;

class AffinityContractTest extends SessionContract {
  @Override
  protected SessionStrategy strategy() {
    return SessionStrategy.AFFINITY;
  }

  @Override
  protected TestCluster start() {
    MovableTime time = new MovableTime();
    return new TestCluster() {
      private final SessionStoreContext context = TestContext.of(TIMEOUT, codec(), time);
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
      public void pass(Duration duration) {
        time.pass(duration);
      }

      @Override
      public void close() {
        // Nothing to close.
      }
    };
  }
}
