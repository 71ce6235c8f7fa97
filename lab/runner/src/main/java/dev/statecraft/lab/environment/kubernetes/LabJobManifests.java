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
 * What is made in a release's namespace so that the lab can run there: a Job, and what its pod may do. All of it
 * belongs to the Job and goes when that goes.
 *
 * @param name of each object
 * @param gateway whose pods the lab's pod resembles: where it may run, how its image is pulled
 * @param most after which Kubernetes ends it
 */
record LabJobManifests(String name, Deployment gateway, Container container, String image, List<String> arguments,
    Duration most) {

  /** Tells the pod from all others; no selector of the chart has it. */
  static final String LABEL = "statecraft.dev/lab";
  /** There may be others in the pod: a mesh adds its own. */
  static final String CONTAINER = "lab";
  private static final String NAME = "app.kubernetes.io/name";
  private static final Pattern GATEWAY_IMAGE = Pattern.compile("((?:.*/)?)gateway(:[^/:@]+)?");
  private static final long USER = 65_532;
  /** Where a cluster removes a finished Job by itself (Kubernetes 1.21): long enough to look at what went wrong. */
  private static final Duration KEPT = Duration.ofMinutes(10);
  private static final int MAX_NAME_LENGTH = 53;

  LabJobManifests {
    arguments = List.copyOf(arguments);
  }

  /**
   * The objects beside a gateway.
   *
   * @param image null for the one that lies beside the gateway's own
   */
  static LabJobManifests of(Deployment gateway, @Nullable String image, List<String> arguments, Duration most)
      throws NoSuchRelease {
    List<Container> containers = gateway.getSpec().getTemplate().getSpec().getContainers();
    Container container = containers.stream().filter(candidate -> beside(candidate.getImage()).isPresent()).findFirst()
        .orElseGet(containers::getFirst);
    String found = image == null ? beside(container.getImage()).orElse(null) : image;
    if (found == null) {
      throw new NoSuchRelease(
          "the gateway's image " + container.getImage() + " does not tell what the lab's is called: say --image");
    }
    String release = String.valueOf(gateway.getMetadata().getLabels().get(ReleaseShape.INSTANCE));
    String name = release.substring(0, Math.min(release.length(), MAX_NAME_LENGTH)) + "-lab-"
        + Integer.toString(ThreadLocalRandom.current().nextInt(36 * 36 * 36, 36 * 36 * 36 * 36), 36);
    return new LabJobManifests(name, gateway, container, found, arguments, most);
  }

  private static Optional<String> beside(String gatewayImage) {
    Matcher matcher = GATEWAY_IMAGE.matcher(gatewayImage);
    return matcher.matches()
        ? Optional.of(matcher.group(1) + "lab" + (matcher.group(2) == null ? "" : matcher.group(2)))
        : Optional.empty();
  }

  /** It makes no pod until its {@code parallelism} is 1: what the pod may do comes after its owner. */
  Job job() {
    PodSpec like = gateway.getSpec().getTemplate().getSpec();
    return new JobBuilder().withMetadata(metadata(null)).withNewSpec().withParallelism(0).withCompletions(1)
        .withBackoffLimit(0).withActiveDeadlineSeconds(most.toSeconds())
        .withTtlSecondsAfterFinished((int) KEPT.toSeconds()).withNewTemplate().withNewMetadata().withLabels(labels())
        .endMetadata().withNewSpec().withServiceAccountName(name).withAutomountServiceAccountToken(true)
        .withEnableServiceLinks(false).withRestartPolicy("Never").withTerminationGracePeriodSeconds(30L)
        .withImagePullSecrets(like.getImagePullSecrets()).withNodeSelector(like.getNodeSelector())
        .withTolerations(like.getTolerations()).withNewSecurityContext().withRunAsNonRoot(true).withRunAsUser(USER)
        .withRunAsGroup(USER).withFsGroup(USER).withNewSeccompProfile().withType("RuntimeDefault").endSeccompProfile()
        .endSecurityContext().addNewContainer().withName(CONTAINER).withImage(image)
        .withImagePullPolicy(container.getImagePullPolicy()).withArgs(arguments).withNewSecurityContext()
        .withAllowPrivilegeEscalation(false).withReadOnlyRootFilesystem(true).withNewCapabilities().withDrop("ALL")
        .endCapabilities().endSecurityContext()
        // No CPU limit: what holds the load generator back would count as the release's.
        .withNewResources().addToRequests("cpu", new Quantity("200m")).addToRequests("memory", new Quantity("512Mi"))
        .addToLimits("memory", new Quantity("1Gi")).endResources().addNewVolumeMount().withName("tmp")
        .withMountPath("/tmp").endVolumeMount().endContainer().addNewVolume().withName("tmp").withNewEmptyDir()
        .endEmptyDir().endVolume().endSpec().endTemplate().endSpec().build();
  }

  ServiceAccount account(OwnerReference job) {
    return new ServiceAccountBuilder().withMetadata(metadata(job)).withAutomountServiceAccountToken(false).build();
  }

  /** What the lab does to a release, whether from inside or not, and nothing else. */
  Role role(OwnerReference job) {
    return new RoleBuilder().withMetadata(metadata(job)).withRules(
        rule("", List.of("pods"), "list", "delete"),
        rule("", List.of("pods/portforward"), "create", "get"),
        rule("", List.of("services", "configmaps"), "get"),
        rule("apps", List.of("statefulsets", "deployments"), "list", "get", "patch"),
        rule("apps", List.of("statefulsets/scale", "deployments/scale"), "get", "update", "patch")).build();
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

  /** Those of the release, and a component that no tier of the chart has. */
  private Map<String, String> labels() {
    Map<String, String> labels = new HashMap<>();
    for (String kept : List.of(NAME, ReleaseShape.INSTANCE, ReleaseShape.PART_OF)) {
      labels.put(kept, gateway.getMetadata().getLabels().get(kept));
    }
    labels.put(ReleaseShape.COMPONENT, "lab");
    labels.put(LABEL, name);
    return labels;
  }
}
