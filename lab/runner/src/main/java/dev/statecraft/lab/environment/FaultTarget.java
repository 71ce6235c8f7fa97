package dev.statecraft.lab.environment;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The operations that faults perform on the processes of one strategy, each addressed by name. Calls block until the
 * operation is complete, and throw {@link UnsupportedOperationException} if the environment cannot do it.
 */
public interface FaultTarget {
  /** The name of the gateway. */
  String GATEWAY = "gateway";
  /** The name of the Redis server. */
  String REDIS = "redis-server";

  /** The stateful nodes of the strategy, sorted by name. */
  List<String> nodes() throws ClusterFailure;

  /** The servers that these nodes share and that can be partitioned from them, such as {@link #REDIS}. */
  default List<String> stores() {
    return List.of();
  }

  /** The state that each stateful node reports, sorted by name; empty for a node that does not answer. */
  Map<String, Optional<SessionStoreState>> states() throws ClusterFailure;

  /** The process id of a node or server; empty if it does not run or does not run on this machine. */
  default OptionalLong pid(String name) {
    return OptionalLong.empty();
  }

  /** Kills a process with SIGKILL. */
  void kill(String name) throws ClusterFailure, InterruptedException;

  /** Deletes the disk of a killed node; does nothing if it has none. */
  default void wipe(String name) throws ClusterFailure {
    throw new UnsupportedOperationException();
  }

  /** Terminates a process (SIGTERM); returns false if it had to be killed. */
  boolean terminate(String name) throws ClusterFailure, InterruptedException;

  /** Stops a process (SIGSTOP) until {@link #resume}. */
  default void pause(String name) throws InterruptedException {
    throw new UnsupportedOperationException();
  }

  /** Resumes a process (SIGCONT); does nothing if it is not stopped. */
  default void resume(String name) throws InterruptedException {
    throw new UnsupportedOperationException();
  }

  /** Starts a process again with the same name, port and disk; does not wait until it is ready. */
  void restart(String name) throws ClusterFailure, InterruptedException;

  /** Waits until a process is ready. */
  void awaitReady(String name) throws ClusterFailure, InterruptedException;

  /** Sets the error of a node's wall clock; positive is ahead of the true time, zero corrects the clock. */
  default void setClock(String name, Duration error) throws ClusterFailure, InterruptedException {
    throw new UnsupportedOperationException();
  }

  /** Drops every packet from the processes {@code from} to the processes {@code to}, until {@link #reconnect}. */
  default void cut(List<String> from, List<String> to) throws ClusterFailure, InterruptedException {
    throw new UnsupportedOperationException();
  }

  /** The name of the Redis primary. */
  String primary() throws ClusterFailure, InterruptedException;

  /** Disconnects the replicas of Redis, and kills the primary when they lag by the given time. */
  void killPrimary(String primary, Duration lag) throws ClusterFailure, InterruptedException;

  /** Starts a former Redis primary again as a replica, and waits until it has caught up. */
  void rejoin(String former) throws ClusterFailure, InterruptedException;

  /** Waits until a replica has been promoted in place of a killed primary. */
  void awaitFailover(String former) throws ClusterFailure, InterruptedException;

  /** Undoes every {@link #cut}. */
  default void reconnect() throws ClusterFailure, InterruptedException {
    throw new UnsupportedOperationException();
  }

  /** What one {@link #rollOut} replaces; empty if the cluster has no rolling update of its own. */
  default List<String> rolloutTargets() throws ClusterFailure {
    return List.of();
  }

  /** Has the cluster replace all {@link #rolloutTargets} by a rolling update. */
  default void rollOut() throws ClusterFailure, InterruptedException {
    throw new UnsupportedOperationException();
  }

  /** The name of the node that {@link #add} would start next. */
  String nextNodeName() throws ClusterFailure;

  /** The node that scaling in removes. */
  String nodeToRemove() throws ClusterFailure;

  /** Adds a node; does not wait until it is ready. */
  void add(String name) throws ClusterFailure, InterruptedException;

  /** Removes a node gracefully; returns false if it had to be killed. */
  boolean remove(String name) throws ClusterFailure, InterruptedException;
}
