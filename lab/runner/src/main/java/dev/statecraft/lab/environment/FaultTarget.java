package dev.statecraft.lab.environment;

import dev.statecraft.lab.fault.Fault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The cluster as faults know it: processes by their names. Calls wait until what they ask for is done. */
public interface FaultTarget {
  /** The name of the process that all requests go through. */
  String GATEWAY = "gateway";
  /** The name of the Redis server. */
  String REDIS = "redis-server";

  /** Why a fault cannot be done here, in words; empty where it can. */
  Optional<String> whyNot(Fault fault);

  /** What {@link #whyNot} allows would hit, in words for the user whose cluster it is. */
  default String targets(Fault fault) {
    return fault.id();
  }

  /** What each stateful node says of itself, by name, in the order of the names; empty where it does not answer. */
  Map<String, Optional<SessionStoreState>> states() throws ClusterFailure;

  void kill(String name) throws ClusterFailure, InterruptedException;

  /** Takes away the disk of a node that was killed; nothing where it has none. */
  void wipe(String name) throws ClusterFailure;

  /** Asks it to end; false where it had to be killed. */
  boolean terminate(String name) throws ClusterFailure, InterruptedException;

  void pause(String name) throws InterruptedException;

  void resume(String name) throws InterruptedException;

  /** Starts it again, with its name, port and disk; does not wait until it can serve. */
  void restart(String name) throws ClusterFailure, InterruptedException;

  void awaitReady(String name) throws ClusterFailure, InterruptedException;

  /** Has its wall clock be wrong by so much from now on, ahead where it is positive; zero sets it right. */
  default void setClock(String name, Duration error) throws ClusterFailure, InterruptedException {
    throw new UnsupportedOperationException();
  }

  /** Has nothing that one of the first sends arrive at one of the second, until {@link #mend}. */
  default void cut(List<String> from, List<String> to) throws ClusterFailure, InterruptedException {
    throw new UnsupportedOperationException();
  }

  /** The Redis server that takes writes. */
  default String primary() throws ClusterFailure, InterruptedException {
    throw new UnsupportedOperationException();
  }

  /** Lets the replicas of Redis fall so far behind, and kills the primary before they can catch up. */
  default void killPrimary(String primary, Duration behind) throws ClusterFailure, InterruptedException {
    throw new UnsupportedOperationException();
  }

  /** Starts a former primary of Redis again, as a replica, and waits until it has caught up. */
  default void rejoin(String former) throws ClusterFailure, InterruptedException {
    throw new UnsupportedOperationException();
  }

  /** Waits until a replica has taken the place of a primary that was killed. */
  default void awaitFailover(String former) throws ClusterFailure, InterruptedException {
    throw new UnsupportedOperationException();
  }

  /** Undoes every cut. */
  default void mend() throws ClusterFailure, InterruptedException {
    throw new UnsupportedOperationException();
  }

  /** What one {@link #rollOut} replaces; nothing where the cluster does not do that by itself. */
  default List<String> rolledOut() throws ClusterFailure {
    return List.of();
  }

  /** Has the cluster replace each of {@link #rolledOut} by itself. */
  default void rollOut() throws ClusterFailure, InterruptedException {
    throw new UnsupportedOperationException();
  }

  /** The name that a further node would have. */
  default String furtherNode() throws ClusterFailure {
    throw new UnsupportedOperationException();
  }

  /** The node that is taken out when there is to be one less. */
  default String lastNode() throws ClusterFailure {
    throw new UnsupportedOperationException();
  }

  /** Has a node join; does not wait until it can serve. */
  default void add(String name) throws ClusterFailure, InterruptedException {
    throw new UnsupportedOperationException();
  }

  /** Takes a node out in good order; false where it had to be killed. */
  default boolean remove(String name) throws ClusterFailure, InterruptedException {
    throw new UnsupportedOperationException();
  }
}
