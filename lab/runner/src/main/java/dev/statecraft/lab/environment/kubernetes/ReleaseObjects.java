package dev.statecraft.lab.environment.kubernetes;

import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.SessionStoreState;
import dev.statecraft.lab.environment.kubernetes.ReleaseShape.Workload;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the lab asks of Kubernetes and tells it about the objects of one release. Calls return when the API has
 * answered, not when what was asked for is done; all of them throw {@link ClusterFailure} where it does not answer.
 * Thread-safe.
 */
public interface ReleaseObjects {

  /** The pods of a workload that are there, in the order of their names; those that are leaving too. */
  List<ReleasePod> pods(Workload workload) throws ClusterFailure;

  /**
   * Deletes a pod, if it is there.
   *
   * @param graceSeconds how long it may take to end, or null for what the pod itself says
   */
  void delete(String pod, @Nullable Long graceSeconds) throws ClusterFailure;

  /** Has every pod of a workload replaced, as a change of its template would. */
  void restart(Workload workload) throws ClusterFailure;

  /** Whether all pods of a workload are of its newest template, and ready. */
  boolean isRolledOut(Workload workload) throws ClusterFailure;

  /** Sets how many pods a workload is to have. */
  void scale(Workload workload, int replicas) throws ClusterFailure;

  /** What a stateful pod says of its sessions, where it answers. */
  Optional<SessionStoreState> sessionStore(String pod);

  /**
   * A pod at one moment.
   *
   * @param uid tells it from an earlier or a later one of the same name
   * @param ready whether it gets requests
   * @param leaving whether it has been told to end
   * @param killed whether a process in it is known to have been ended by SIGKILL
   */
  record ReleasePod(String name, String uid, boolean ready, boolean leaving, boolean killed) {}
}
