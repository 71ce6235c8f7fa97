package dev.statecraft.lab.environment.kubernetes;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.kubernetes.ReleaseFaultTarget.Scaling;
import dev.statecraft.lab.environment.kubernetes.ReleaseShape.Workload;
import java.util.LinkedHashMap;
import java.util.Map;

/** Changes the replica counts of workloads and restores the original ones. Thread-safe. */
final class ReplicaScaler {
  private final Scaling scaling;
  @GuardedBy("this")
  private final Map<String, Workload> changed = new LinkedHashMap<>();

  ReplicaScaler(Scaling scaling) {
    this.scaling = scaling;
  }

  /** Sets the replica count of a workload; {@code original} has the count to restore. */
  synchronized void scale(Workload original, int replicas) throws ClusterFailure {
    changed.putIfAbsent(original.name(), original);
    scaling.scale(original, replicas);
    if (replicas == original.replicas()) {
      changed.remove(original.name());
    }
  }

  /** Restores all changed workloads; a failure of one does not prevent the others. */
  synchronized void restore() throws ClusterFailure {
    ClusterFailure failure = null;
    for (Workload original : changed.values()) {
      try {
        scaling.scale(original, original.replicas());
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
