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
  private final List<ContextNode> nodes;
  private final List<? extends SessionRepository<? extends Session>> repositories;
  private final Supplier<? extends Collection<String>> ids;
  private final NodeKiller killer;
  private final Runnable expiry;

  /** Ends a node. */
  @FunctionalInterface
  public interface NodeKiller {
    void kill(int index);
  }

  /**
   * Describes nodes that run, of a store that removes expired sessions itself or not at all.
   *
   * @param ids returns the ids of all sessions in the store
   * @param killer ends a node
   */
  public RealTimeCluster(List<ContextNode> nodes, Supplier<? extends Collection<String>> ids, NodeKiller killer) {
    this(nodes, ids, killer, () -> {});
  }

  /**
   * Describes nodes that run.
   *
   * @param ids returns the ids of all sessions in the store
   * @param killer ends a node
   * @param expiry does on every node what it does periodically to remove expired sessions
   */
  public RealTimeCluster(
      List<ContextNode> nodes, Supplier<? extends Collection<String>> ids, NodeKiller killer, Runnable expiry) {
    this.nodes = List.copyOf(nodes);
    this.repositories = nodes.stream().map(ContextNode::repository).toList();
    this.ids = ids;
    this.killer = killer;
    this.expiry = expiry;
  }

  @Override
  public SessionRepository<? extends Session> node(int index) {
    return repositories.get(index);
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
    ids.get().forEach(id -> age(repositories.getFirst(), id, duration));
  }

  private static <S extends Session> void age(SessionRepository<S> repository, String id, Duration duration) {
    S session = repository.findById(id);
    if (session != null) {
      session.setLastAccessedTime(session.getLastAccessedTime().minus(duration));
      repository.save(session);
    }
  }

  @Override
  public RecordedEvents events() {
    return RecordedEvents.of(nodes.stream().map(ContextNode::events).toList());
  }

  @Override
  public void removeExpired() {
    expiry.run();
  }

  @Override
  public void close() {
    // Who started the nodes closes them.
  }
}
