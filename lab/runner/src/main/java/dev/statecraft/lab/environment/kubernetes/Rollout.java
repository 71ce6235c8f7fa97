package dev.statecraft.lab.environment.kubernetes;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetStatus;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Whether a workload has reached what its specification asks for, by the rules of {@code kubectl rollout status}. */
final class Rollout {
  private Rollout() {}

  static boolean isOver(Deployment deployment) {
    DeploymentStatus status = deployment.getStatus();
    if (status == null || !isSeen(deployment.getMetadata().getGeneration(), status.getObservedGeneration())) {
      return false;
    }
    int wanted = orZero(deployment.getSpec().getReplicas());
    return orZero(status.getUpdatedReplicas()) == wanted && orZero(status.getReplicas()) == wanted
        && orZero(status.getAvailableReplicas()) == wanted;
  }

  static boolean isOver(StatefulSet set) {
    StatefulSetStatus status = set.getStatus();
    if (status == null || !isSeen(set.getMetadata().getGeneration(), status.getObservedGeneration())) {
      return false;
    }
    int wanted = orZero(set.getSpec().getReplicas());
    return orZero(status.getReplicas()) == wanted && orZero(status.getReadyReplicas()) == wanted
        && Objects.equals(status.getCurrentRevision(), status.getUpdateRevision());
  }

  private static boolean isSeen(@Nullable Long generation, @Nullable Long observed) {
    return generation == null || (observed != null && observed >= generation);
  }

  private static int orZero(@Nullable Integer number) {
    return number == null ? 0 : number;
  }
}
