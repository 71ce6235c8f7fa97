package dev.statecraft.session.contract;

import java.time.Duration;
import java.time.Instant;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;

/**
 * Two or more nodes of one strategy, connected as the strategy requires. Their repositories store
 * {@link SessionContract.Note} attributes and use {@link SessionContract#TIMEOUT}.
 */
public interface TestCluster extends AutoCloseable {
  /** The repository of a node that was not killed. Nodes 0 and 1 exist. */
  SessionRepository<? extends Session> node(int index);

  /** Ends a node as SIGKILL does: the content of its memory is lost. The other nodes still serve. */
  void kill(int index);

  /** Current time of the stores. */
  Instant now();

  /**
   * Advances the clock of the stores. Where a store reads the clock of the machine, this makes each stored session
   * older by the duration instead.
   */
  void pass(Duration duration);

  /** The session events that the nodes have published. */
  RecordedEvents events();

  /** Does on every node what it does periodically to remove expired sessions; nothing if the store itself does it. */
  default void removeExpired() {
    // The store does it.
  }

  @Override
  void close();
}
