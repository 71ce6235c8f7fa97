package dev.statecraft.lab.environment.kubernetes;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The objects that run the lab in the namespace of a release: a Job, and the ServiceAccount and permissions of its pod.
 * The Job owns the others, so that Kubernetes deletes them with it.
 *
 * @param name the name of each object
 * @param gateway the source of the pod's scheduling constraints and image pull settings
 * @param timeout after which Kubernetes stops the Job
 */
record LabJobManifests(String name, Deployment gateway, Container container, String image, List<String> arguments,
    Duration timeout) {
  /** Identifies the pod; no selector of the chart uses this label. */
  static final String LABEL = "statecraft.dev/lab";
  /** Identifies the container, because a service mesh may add others. */
  static final String CONTAINER = "lab";
  private static final String NAME = "app.kubernetes.io/name";
  private static final Pattern GATEWAY_IMAGE = Pattern.compile("((?:.*/)?)gateway(:[^/:@]+)?");
  private static final long NON_ROOT_UID = 65_532;
  /** How long Kubernetes keeps a finished Job, so that a failure can be examined. */
  private static final Duration RETENTION = Duration.ofMinutes(10);
  private static final int MAX_NAME_LENGTH = 53;

  LabJobManifests {
    arguments = List.copyOf(arguments);
  }

  /**
   * Creates the manifests for a release.
   *
   * @param image the image of the lab; null to derive it from the gateway's image
   * @throws NoSuchRelease if the image cannot be derived
   */
  static LabJobManifests of(Deployment gateway, @Nullable String image, List<String> arguments, Duration timeout)
      throws NoSuchRelease {
    List<Container> containers = gateway.getSpec().getTemplate().getSpec().getContainers();
    Container container = containers.stream().filter(candidate -> labImage(candidate.getImage()).isPresent())
        .findFirst().orElseGet(containers::getFirst);
    String labImage = image == null ? labImage(container.getImage()).orElse(null) : image;
    if (labImage == null) {
      throw new NoSuchRelease(
          "cannot derive the lab's image from the gateway's image " + container.getImage() + ": set --image");
    }
    String release = String.valueOf(gateway.getMetadata().getLabels().get(ReleaseShape.INSTANCE));
    String name = release.substring(0, Math.min(release.length(), MAX_NAME_LENGTH)) + "-lab-"
        + Integer.toString(ThreadLocalRandom.current().nextInt(36 * 36 * 36, 36 * 36 * 36 * 36), 36);
    return new LabJobManifests(name, gateway, container, labImage, arguments, timeout);
  }

  /** The image {@code lab} in the repository of the gateway's image, with the same tag. */
  private static Optional<String> labImage(String gatewayImage) {
    Matcher matcher = GATEWAY_IMAGE.matcher(gatewayImage);
    return matcher.matches()
        ? Optional.of(matcher.group(1) + "lab" + (matcher.group(2) == null ? "" : matcher.group(2)))
        : Optional.empty();
  }

  /** The Job, without a pod until its {@code parallelism} is 1: it must exist before the permissions that it owns. */
  Job job() {
    PodSpec gatewayPod = gateway.getSpec().getTemplate().getSpec();
    return new JobBuilder().withMetadata(metadata(null)).withNewSpec().withParallelism(0).withCompletions(1)
        .withBackoffLimit(0).withActiveDeadlineSeconds(timeout.toSeconds())
        .withTtlSecondsAfterFinished((int) RETENTION.toSeconds()).withNewTemplate().withNewMetadata()
        .withLabels(labels()).endMetadata().withNewSpec().withServiceAccountName(name)
        .withAutomountServiceAccountToken(true).withEnableServiceLinks(false).withRestartPolicy("Never")
        .withTerminationGracePeriodSeconds(30L).withImagePullSecrets(gatewayPod.getImagePullSecrets())
        .withNodeSelector(gatewayPod.getNodeSelector()).withTolerations(gatewayPod.getTolerations())
        .withNewSecurityContext().withRunAsNonRoot(true).withRunAsUser(NON_ROOT_UID).withRunAsGroup(NON_ROOT_UID)
        .withFsGroup(NON_ROOT_UID).withNewSeccompProfile().withType("RuntimeDefault").endSeccompProfile()
        .endSecurityContext().addNewContainer().withName(CONTAINER).withImage(image)
        .withImagePullPolicy(container.getImagePullPolicy()).withArgs(arguments).withNewSecurityContext()
        .withAllowPrivilegeEscalation(false).withReadOnlyRootFilesystem(true).withNewCapabilities().withDrop("ALL")
        .endCapabilities().endSecurityContext()
        // No CPU limit, because throttling of the load generator would count as latency of the release.
        .withNewResources().addToRequests("cpu", new Quantity("200m")).addToRequests("memory", new Quantity("512Mi"))
        .addToLimits("memory", new Quantity("1Gi")).endResources().addNewVolumeMount().withName("tmp")
        .withMountPath("/tmp").endVolumeMount().endContainer().addNewVolume().withName("tmp").withNewEmptyDir()
        .endEmptyDir().endVolume().endSpec().endTemplate().endSpec().build();
  }

  ServiceAccount account(OwnerReference job) {
    return new ServiceAccountBuilder().withMetadata(metadata(job)).withAutomountServiceAccountToken(false).build();
  }

  /** The permissions that the lab needs to measure a release. */
  Role role(OwnerReference job) {
    return new RoleBuilder().withMetadata(metadata(job))
        .withRules(rule("", List.of("pods"), "list", "delete"), rule("", List.of("pods/portforward"), "create", "get"),
            rule("", List.of("services", "configmaps"), "get"),
            rule("apps", List.of("statefulsets", "deployments"), "list", "get", "patch"),
            rule("apps", List.of("statefulsets/scale", "deployments/scale"), "get", "update", "patch"))
        .build();
  }

  RoleBinding binding(OwnerReference job) {
    return new RoleBindingBuilder().withMetadata(metadata(job)).withNewRoleRef()
        .withApiGroup("rbac.authorization.k8s.io").withKind("Role").withName(name).endRoleRef().addNewSubject()
        .withKind("ServiceAccount").withName(name).endSubject().build();
  }

  private static PolicyRule rule(String group, List<String> resources, String... verbs) {
    return new PolicyRuleBuilder().withApiGroups(group).withResources(resources).withVerbs(verbs).build();
  }

  private ObjectMeta metadata(@Nullable OwnerReference owner) {
    ObjectMetaBuilder metadata = new ObjectMetaBuilder().withName(name).withLabels(labels());
    return (owner == null ? metadata : metadata.withOwnerReferences(owner)).build();
  }

  /** The labels of the release, with a component of its own. */
  private Map<String, String> labels() {
    Map<String, String> labels = new HashMap<>();
    for (String key : List.of(NAME, ReleaseShape.INSTANCE, ReleaseShape.PART_OF)) {
      labels.put(key, gateway.getMetadata().getLabels().get(key));
    }
    labels.put(ReleaseShape.COMPONENT, "lab");
    labels.put(LABEL, name);
    return labels;
  }
}
