package dev.statecraft.lab.environment.kubernetes;

import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.kubernetes.ReleaseShape.Workload;
import java.util.LinkedHashMap;
import java.util.Map;

/** Changes how many pods workloads have, and knows how many there were. Thread-safe. */
final class ReplicaScaler {
  private final ReleaseObjects objects;
  private final Map<String, Workload> changed = new LinkedHashMap<>();

  ReplicaScaler(ReleaseObjects objects) {
    this.objects = objects;
  }

  /** Sets the pods that a workload is to have, until it is restored. */
  synchronized void set(Workload found, int replicas) throws ClusterFailure {
    changed.putIfAbsent(found.name(), found);
    objects.scale(found, replicas);
    if (replicas == found.replicas()) {
      changed.remove(found.name());
    }
  }

  /**
   * Gives each workload that was changed the pods that it had; one that cannot be restored does not keep the others.
   */
  synchronized void restore() throws ClusterFailure {
    ClusterFailure failure = null;
    for (Workload found : changed.values()) {
      try {
        objects.scale(found, found.replicas());
      } catch (ClusterFailure e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
    changed.clear();
  }
}
