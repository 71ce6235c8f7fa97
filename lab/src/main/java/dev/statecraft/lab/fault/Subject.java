package dev.statecraft.lab.fault;

import dev.statecraft.lab.cluster.ClusterFailure;
import dev.statecraft.lab.cluster.SessionStoreState;
import java.util.Map;
import java.util.Optional;

/** The cluster as faults know it: processes by their names. Calls wait until what they ask for is done. */
interface Subject {
  /** The name of the process that all requests go through. */
  String GATEWAY = "gateway";
  /** The name of the Redis server. */
  String REDIS = "redis-server";

  /** What each stateful node says of itself, by name, in the order of the names; empty where it does not answer. */
  Map<String, Optional<SessionStoreState>> states();

  void kill(String name) throws InterruptedException;

  /** Takes away the disk of a node that was killed; nothing where it has none. */
  void wipe(String name) throws ClusterFailure;

  /** Asks it to end; false where it had to be killed. */
  boolean terminate(String name) throws InterruptedException;

  void pause(String name) throws InterruptedException;

  void resume(String name) throws InterruptedException;

  /** Starts it again, with its name, port and disk; does not wait until it can serve. */
  void restart(String name) throws ClusterFailure;

  void awaitReady(String name) throws ClusterFailure, InterruptedException;
}
