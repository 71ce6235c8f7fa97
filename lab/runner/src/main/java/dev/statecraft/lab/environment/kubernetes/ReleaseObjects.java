package dev.statecraft.lab.environment.kubernetes;

import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.SessionStoreState;
import dev.statecraft.lab.environment.kubernetes.ReleaseShape.Workload;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The operations on the Kubernetes objects of one release. Calls return when the API has accepted them, and throw
 * {@link ClusterFailure} if it does not answer. Thread-safe.
 */
public interface ReleaseObjects {
  /** The pods of a workload, sorted by name, including terminating ones. */
  List<ReleasePod> pods(Workload workload) throws ClusterFailure;

  /**
   * Deletes a pod, if it exists.
   *
   * @param graceSeconds the grace period; null for the one of the pod
   */
  void delete(String pod, @Nullable Long graceSeconds) throws ClusterFailure;

  /** Starts a rolling restart of a workload. */
  void restart(Workload workload) throws ClusterFailure;

  /** Whether all pods of a workload are ready and have its newest template. */
  boolean isRolledOut(Workload workload) throws ClusterFailure;

  /** Sets the replica count of a workload. */
  void scale(Workload workload, int replicas) throws ClusterFailure;

  /** The state that a stateful pod reports; empty if it does not answer. */
  Optional<SessionStoreState> sessionStore(String pod);

  /**
   * A snapshot of a pod.
   *
   * @param uid distinguishes it from other pods of the same name
   * @param ready whether it receives requests
   * @param terminating whether its deletion has started
   * @param killed whether one of its processes is known to have been killed by SIGKILL
   */
  record ReleasePod(String name, String uid, boolean ready, boolean terminating, boolean killed) {}
}
