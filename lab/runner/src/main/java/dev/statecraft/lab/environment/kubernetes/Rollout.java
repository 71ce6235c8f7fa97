package dev.statecraft.lab.environment.kubernetes;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetStatus;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Decides whether the rollout of a workload is complete, by the rules of {@code kubectl rollout status}. */
final class Rollout {
  private Rollout() {}

  static boolean isComplete(Deployment deployment) {
    DeploymentStatus status = deployment.getStatus();
    if (status == null || !isObserved(deployment.getMetadata().getGeneration(), status.getObservedGeneration())) {
      return false;
    }
    int desired = orZero(deployment.getSpec().getReplicas());
    return orZero(status.getUpdatedReplicas()) == desired && orZero(status.getReplicas()) == desired
        && orZero(status.getAvailableReplicas()) == desired;
  }

  static boolean isComplete(StatefulSet set) {
    StatefulSetStatus status = set.getStatus();
    if (status == null || !isObserved(set.getMetadata().getGeneration(), status.getObservedGeneration())) {
      return false;
    }
    int desired = orZero(set.getSpec().getReplicas());
    return orZero(status.getReplicas()) == desired && orZero(status.getReadyReplicas()) == desired
        && Objects.equals(status.getCurrentRevision(), status.getUpdateRevision());
  }

  private static boolean isObserved(@Nullable Long generation, @Nullable Long observed) {
    return generation == null || (observed != null && observed >= generation);
  }

  private static int orZero(@Nullable Integer number) {
    return number == null ? 0 : number;
  }
}
