package dev.statecraft.lab.environment;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The nodes of one strategy as faults know them: what can be done to a process, by its name. Calls return when what
 * they ask for is done. What an environment cannot do throws {@link UnsupportedOperationException}.
 */
public interface FaultTarget {
  /** The name of the process that all requests go through. */
  String GATEWAY = "gateway";
  /** The name of the Redis server. */
  String REDIS = "redis-server";

  /** The stateful nodes of the strategy, in the order of their names. */
  List<String> nodes() throws ClusterFailure;

  /** The servers that these nodes share, such as {@link #REDIS}, as far as connections to them can be cut. */
  default List<String> stores() {
    return List.of();
  }

  /** What each stateful node says of itself, by name, in the order of the names; empty where it does not answer. */
  Map<String, Optional<SessionStoreState>> states() throws ClusterFailure;

  /** The process id of a node or server; empty where it is no process of this machine, or does not run. */
  default OptionalLong pid(String name) {
    return OptionalLong.empty();
  }

  /** Kills it with SIGKILL. */
  void kill(String name) throws ClusterFailure, InterruptedException;

  /** Takes away the disk of a node that was killed; nothing where it has none. */
  void wipe(String name) throws ClusterFailure;

  /** Asks it to end; false where it had to be killed. */
  boolean terminate(String name) throws ClusterFailure, InterruptedException;

  /** Stops it (SIGSTOP), until {@link #resume}. */
  void pause(String name) throws InterruptedException;

  /** Lets it go on; nothing where it is not stopped. */
  void resume(String name) throws InterruptedException;

  /** Starts it again, with its name, port and disk; does not wait until it can serve. */
  void restart(String name) throws ClusterFailure, InterruptedException;

  /** Waits until it can serve. */
  void awaitReady(String name) throws ClusterFailure, InterruptedException;

  /** Has its wall clock be wrong by so much from now on, ahead where it is positive; zero sets it right. */
  default void setClock(String name, Duration error) throws ClusterFailure, InterruptedException {
    throw new UnsupportedOperationException();
  }

  /** Has nothing that one of the first sends arrive at one of the second, until {@link #reconnect}. */
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
  default void reconnect() throws ClusterFailure, InterruptedException {
    throw new UnsupportedOperationException();
  }

  /** What one {@link #rollOut} replaces; nothing where the cluster does not do that by itself. */
  default List<String> rolloutTargets() throws ClusterFailure {
    return List.of();
  }

  /** Has the cluster replace each of {@link #rolloutTargets} by itself. */
  default void rollOut() throws ClusterFailure, InterruptedException {
    throw new UnsupportedOperationException();
  }

  /** The name that a further node would have. */
  default String nextNodeName() throws ClusterFailure {
    throw new UnsupportedOperationException();
  }

  /** The node that is taken out when there is to be one less. */
  default String nodeToRemove() throws ClusterFailure {
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
