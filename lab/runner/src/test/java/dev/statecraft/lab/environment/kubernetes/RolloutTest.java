package dev.statecraft.lab.environment.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RolloutTest {

  @ParameterizedTest
  @CsvSource({"7, 2, 2, 2, true", "6, 2, 2, 2, false", "7, 1, 2, 2, false", "7, 2, 3, 2, false", "7, 2, 2, 1, false"})
  void deploymentCompletesWhenNewPodsAreAvailable(long observed, int updated, int all, int available,
      boolean complete) {
    assertThat(Rollout.isComplete(new DeploymentBuilder().withNewMetadata().withGeneration(7L).endMetadata()
        .withNewSpec().withReplicas(2).endSpec().withNewStatus().withObservedGeneration(observed)
        .withUpdatedReplicas(updated).withReplicas(all).withAvailableReplicas(available).endStatus().build()))
        .isEqualTo(complete);
  }

  @ParameterizedTest
  @CsvSource({"7, b, 3, true", "6, b, 3, false", "7, a, 3, false", "7, b, 2, false"})
  void statefulSetCompletesWhenNewPodsAreReady(long observed, String current, int ready, boolean complete) {
    assertThat(
        Rollout.isComplete(new StatefulSetBuilder().withNewMetadata().withGeneration(7L).endMetadata().withNewSpec()
            .withReplicas(3).endSpec().withNewStatus().withObservedGeneration(observed).withCurrentRevision(current)
            .withUpdateRevision("b").withReplicas(3).withReadyReplicas(ready).endStatus().build()))
        .isEqualTo(complete);
  }

  @Test
  void isIncompleteWithoutAStatus() {
    assertThat(Rollout.isComplete(new DeploymentBuilder().build())).isFalse();
  }
}
