package dev.statecraft.session.contract;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;

/**
 * A cluster of a store that reads the clock of the machine. To let time pass, it moves the last access of each session
 * into the past. It therefore suits only strategies that declare
 * {@link dev.statecraft.session.ContractClause#LAST_ACCESS_NEVER_GOES_BACK} unmet; others need a clock of the test.
 */
public final class RealTimeCluster implements TestCluster {
  private final List<? extends SessionRepository<? extends Session>> nodes;
  private final Supplier<? extends Collection<String>> ids;
  private final NodeKiller killer;

  /** Ends a node. */
  @FunctionalInterface
  public interface NodeKiller {
    void kill(int index);
  }

  /**
   * Describes nodes that run.
   *
   * @param nodes their repositories
   * @param ids returns the ids of all sessions in the store
   * @param killer ends a node
   */
  public RealTimeCluster(List<? extends SessionRepository<? extends Session>> nodes,
      Supplier<? extends Collection<String>> ids, NodeKiller killer) {
    this.nodes = nodes;
    this.ids = ids;
    this.killer = killer;
  }

  @Override
  public SessionRepository<? extends Session> node(int index) {
    return nodes.get(index);
  }

  @Override
  public void kill(int index) {
    killer.kill(index);
  }

  @Override
  public Instant now() {
    return Instant.now();
  }

  @Override
  public void pass(Duration duration) {
    ids.get().forEach(id -> age(nodes.getFirst(), id, duration));
  }

  private static <S extends Session> void age(SessionRepository<S> repository, String id, Duration duration) {
    S session = repository.findById(id);
    if (session != null) {
      session.setLastAccessedTime(session.getLastAccessedTime().minus(duration));
      repository.save(session);
    }
  }

  @Override
  public void close() {
    // Who started the nodes closes them.
  }
}
