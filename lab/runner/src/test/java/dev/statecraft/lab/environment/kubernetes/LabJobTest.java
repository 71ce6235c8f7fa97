package dev.statecraft.lab.environment.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.environment.kubernetes.InClusterLab.State;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabJobTest {

  @Test
  void reportsWhyAPodIsUnschedulable() {
    Pod pod = new PodBuilder().withNewStatus().withPhase("Pending").addNewCondition().withType("PodScheduled")
        .withStatus("False").withMessage("0/1 nodes are available: 1 Insufficient memory.").endCondition().endStatus()
        .build();
    assertThat(LabJob.stateOf(pod))
        .isEqualTo(new State.Waiting("0/1 nodes are available: 1 Insufficient memory.", false));
  }

  @Test
  void waitsForAPodBeforeScheduling() {
    assertThat(LabJob.stateOf(new PodBuilder().withNewStatus().withPhase("Pending").endStatus().build()))
        .isEqualTo(new State.Waiting("its pod is not scheduled yet", false));
  }

  @ParameterizedTest
  @CsvSource({
    "ContainerCreating, false", "ErrImagePull, false", "ImagePullBackOff, true", "ErrImageNeverPull, true",
    "CreateContainerConfigError, true"})
  void distinguishesPermanentReasons(String reason, boolean permanent) {
    ContainerStateBuilder state = new ContainerStateBuilder().withNewWaiting().withReason(reason).withMessage("details")
        .endWaiting();
    assertThat(LabJob.stateOf(pod(state))).isEqualTo(new State.Waiting(reason + ": details", permanent));
  }

  @Test
  void reportsARunningPod() {
    assertThat(LabJob.stateOf(pod(new ContainerStateBuilder().withNewRunning().endRunning())))
        .isEqualTo(new State.Running());
  }

  @Test
  void reportsExitCodeAndReason() {
    assertThat(LabJob.stateOf(
        pod(new ContainerStateBuilder().withNewTerminated().withExitCode(137).withReason("OOMKilled").endTerminated())))
        .isEqualTo(new State.Ended(137, "OOMKilled"));
  }

  @Test
  void reportsAnEvictedPodAsPermanent() {
    Pod pod = new PodBuilder().withNewStatus().withPhase("Failed").withReason("Evicted").withMessage("no disk")
        .endStatus().build();
    assertThat(LabJob.stateOf(pod)).isEqualTo(new State.Waiting("Evicted: no disk", true));
  }

  private static Pod pod(ContainerStateBuilder state) {
    return new PodBuilder().withNewStatus().withPhase("Pending").addNewContainerStatus().withName("lab")
        .withState(state.build()).endContainerStatus().endStatus().build();
  }
}
