package dev.statecraft.lab.environment.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabJobManifestsTest {
  private static final OwnerReference JOB = new OwnerReferenceBuilder().withApiVersion("batch/v1").withKind("Job")
      .withName("shop-lab-1").withUid("uid").build();

  @ParameterizedTest
  @CsvSource({
    "statecraft/gateway:0.1.0-SNAPSHOT, statecraft/lab:0.1.0-SNAPSHOT",
    "registry.example.com:5000/platform/statecraft/gateway:1.2.3,"
        + " registry.example.com:5000/platform/statecraft/lab:1.2.3",
    "gateway, lab"})
  void derivesImageFromGatewayImage(String gateway, String lab) throws Exception {
    assertThat(container(objects(gateway, null)).getImage()).isEqualTo(lab);
  }

  @ParameterizedTest
  @CsvSource({"statecraft/gateway@sha256:0123", "statecraft/entrance:1", "statecraft/my-gateway:1"})
  void requiresImageOptionIfItCannotDeriveIt(String gateway) throws Exception {
    assertThatThrownBy(() -> objects(gateway, null)).isInstanceOf(NoSuchRelease.class).hasMessageContaining("--image");
    assertThat(container(objects(gateway, "other/lab:2")).getImage()).isEqualTo("other/lab:2");
  }

  @Test
  void podHasReleaseLabelsAndOwnComponent() throws Exception {
    LabJobManifests objects = objects("statecraft/gateway:1", null);
    Job job = objects.job();
    for (Map<String, String> labels : List.of(job.getMetadata().getLabels(),
        job.getSpec().getTemplate().getMetadata().getLabels())) {
      assertThat(labels).containsEntry("app.kubernetes.io/part-of", "statecraft")
          .containsEntry("app.kubernetes.io/instance", "shop").containsEntry("app.kubernetes.io/name", "statecraft")
          .containsEntry("app.kubernetes.io/component", "lab").containsEntry(LabJobManifests.LABEL, objects.name());
    }
    assertThat(job.getMetadata().getName()).startsWith("shop-lab-").hasSizeLessThan(64);
  }

  @Test
  void podMeetsTheRestrictedSecurityStandard() throws Exception {
    LabJobManifests objects = objects("statecraft/gateway:1", null);
    PodSpec spec = objects.job().getSpec().getTemplate().getSpec();
    assertThat(spec.getSecurityContext().getRunAsNonRoot()).isTrue();
    assertThat(spec.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
    Container container = container(objects);
    assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
    assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
    assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
    assertThat(container.getResources().getRequests()).containsKeys("cpu", "memory");
    assertThat(container.getResources().getLimits()).containsOnlyKeys("memory");
    assertThat(container.getCommand()).as("command of the image").isNullOrEmpty();
    assertThat(container.getArgs()).containsExactly("compare", "--rate", "10");
  }

  @Test
  void runsOnceWithATimeout() throws Exception {
    Job job = objects("statecraft/gateway:1", null).job();
    assertThat(job.getSpec().getParallelism()).as("until the permissions exist").isZero();
    assertThat(job.getSpec().getBackoffLimit()).isZero();
    assertThat(job.getSpec().getActiveDeadlineSeconds()).isEqualTo(600);
    assertThat(job.getSpec().getTtlSecondsAfterFinished()).isPositive();
    assertThat(job.getSpec().getTemplate().getSpec().getRestartPolicy()).isEqualTo("Never");
  }

  @Test
  void usesSchedulingAndPullSettingsOfTheGateway() throws Exception {
    LabJobManifests objects = objects("statecraft/gateway:1", null);
    PodSpec spec = objects.job().getSpec().getTemplate().getSpec();
    assertThat(spec.getImagePullSecrets()).singleElement().extracting("name").isEqualTo("registry");
    assertThat(spec.getNodeSelector()).containsEntry("disk", "fast");
    assertThat(container(objects).getImagePullPolicy()).isEqualTo("Always");
  }

  @Test
  void jobOwnsItsNamespacedPermissions() throws Exception {
    LabJobManifests objects = objects("statecraft/gateway:1", null);
    String name = objects.name();
    assertThat(Stream.<HasMetadata>of(objects.account(JOB), objects.role(JOB), objects.binding(JOB)))
        .allSatisfy(object -> {
          assertThat(object.getMetadata().getName()).isEqualTo(name);
          assertThat(object.getMetadata().getOwnerReferences()).containsExactly(JOB);
        });
    assertThat(objects.binding(JOB).getRoleRef().getKind()).isEqualTo("Role");
    assertThat(objects.binding(JOB).getRoleRef().getName()).isEqualTo(name);
    assertThat(objects.binding(JOB).getSubjects()).singleElement().extracting("kind", "name")
        .containsExactly("ServiceAccount", name);
    assertThat(objects.job().getSpec().getTemplate().getSpec().getServiceAccountName()).isEqualTo(name);
  }

  @Test
  void roleGrantsNoAccessToSecretsOrCommands() throws Exception {
    assertThat(objects("statecraft/gateway:1", null).role(JOB).getRules()).isNotEmpty()
        .flatExtracting(PolicyRule::getResources).doesNotContain("*", "secrets", "pods/exec", "pods/attach");
    assertThat(objects("statecraft/gateway:1", null).role(JOB).getRules()).flatExtracting(PolicyRule::getVerbs)
        .doesNotContain("*", "escalate", "bind", "impersonate");
  }

  private static Container container(LabJobManifests objects) {
    return objects.job().getSpec().getTemplate().getSpec().getContainers().getFirst();
  }

  private static LabJobManifests objects(String gatewayImage, @Nullable String image) throws NoSuchRelease {
    Deployment gateway = new DeploymentBuilder().withNewMetadata().withName("shop-statecraft-gateway")
        .withLabels(Map.of("app.kubernetes.io/name", "statecraft", "app.kubernetes.io/instance", "shop",
            "app.kubernetes.io/part-of", "statecraft", "app.kubernetes.io/component", "gateway"))
        .endMetadata().withNewSpec().withNewTemplate().withNewSpec().addNewContainer().withName("proxy")
        .withImage("mesh/proxy:1").endContainer().addNewContainer().withName("gateway").withImage(gatewayImage)
        .withImagePullPolicy("Always").endContainer().addNewImagePullSecret("registry")
        .withNodeSelector(Map.of("disk", "fast")).endSpec().endTemplate().endSpec().build();
    return LabJobManifests.of(gateway, image, List.of("compare", "--rate", "10"), Duration.ofMinutes(10));
  }
}
