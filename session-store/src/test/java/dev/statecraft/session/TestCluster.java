package dev.statecraft.session;

import java.time.Duration;
import java.time.Instant;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;

/**
 * Two or more nodes of one strategy, which share whatever the strategy makes them share. Their repositories store
 * {@link SessionContract.Note} attributes and use {@link SessionContract#TIMEOUT}.
 */
public interface TestCluster extends AutoCloseable {
  /** The repository of a node that was not killed; 0 and 1 exist. */
  SessionRepository<? extends Session> node(int index);

  /** Ends a node as SIGKILL would: what only its memory held is gone. The others still serve. */
  void kill(int index);

  /** What the stores take for now. */
  Instant now();

  /** Moves the clock of the stores forward. */
  void pass(Duration duration);

  @Override
  void close();
}
