package dev.statecraft.lab.environment.kubernetes;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import static dev.statecraft.lab.environment.kubernetes.KubernetesObjects.request;

import dev.statecraft.lab.environment.ClusterFailure;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.LocalPortForward;
import io.fabric8.kubernetes.client.dsl.ScalableResource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Runs the lab as a Kubernetes Job. Thread-safe. */
final class LabJob implements InClusterLab {
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(45);
  private static final Duration POLL_INTERVAL = Duration.ofMillis(500);
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);
  /** Reasons that do not resolve by themselves. ErrImagePull is not among them, because a later pull may succeed. */
  private static final Set<String> PERMANENT_REASONS = Set.of("ImagePullBackOff", "ErrImageNeverPull",
      "InvalidImageName", "CreateContainerConfigError", "CreateContainerError");

  private final KubernetesClient client;
  private final String namespace;
  private final KubernetesObjects objects;
  private final LabJobManifests manifests;
  @GuardedBy("this")
  private boolean created;
  @GuardedBy("this")
  private boolean removed;

  LabJob(KubernetesClient client, String namespace, KubernetesObjects objects, LabJobManifests manifests) {
    this.client = client;
    this.namespace = namespace;
    this.objects = objects;
    this.manifests = manifests;
  }

  @Override
  public String description() {
    return "the Job " + manifests.name() + " with the image " + manifests.image()
        + ", and a ServiceAccount, a Role and a RoleBinding of the same name";
  }

  @Override
  public synchronized void start() throws ClusterFailure {
    if (removed) {
      throw new ClusterFailure("the lab's Job was cancelled before it was created");
    }
    Job job = request("create the Job " + manifests.name(),
        () -> client.batch().v1().jobs().inNamespace(namespace).resource(manifests.job()).create());
    created = true;
    OwnerReference owner = new OwnerReferenceBuilder().withApiVersion("batch/v1").withKind("Job")
        .withName(manifests.name()).withUid(job.getMetadata().getUid()).build();
    request("create the ServiceAccount " + manifests.name(),
        () -> client.serviceAccounts().inNamespace(namespace).resource(manifests.account(owner)).create());
    request("create the Role " + manifests.name(),
        () -> client.rbac().roles().inNamespace(namespace).resource(manifests.role(owner)).create());
    request("create the RoleBinding " + manifests.name(),
        () -> client.rbac().roleBindings().inNamespace(namespace).resource(manifests.binding(owner)).create());
    setParallelism(1);
  }

  private void setParallelism(int pods) throws ClusterFailure {
    request("start or stop the Job " + manifests.name(),
        () -> resource().patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"parallelism\":" + pods + "}}"));
  }

  private ScalableResource<Job> resource() {
    return client.batch().v1().jobs().inNamespace(namespace).withName(manifests.name());
  }

  /** Stops the pod first, so that it can restore what it scaled; then deletes the Job and the objects that it owns. */
  synchronized void remove() throws ClusterFailure {
    removed = true;
    if (!created) {
      return;
    }
    created = false;
    try {
      setParallelism(0);
      awaitExit();
    } finally {
      request("delete the Job " + manifests.name(),
          () -> resource().withPropagationPolicy(DeletionPropagation.BACKGROUND).delete());
    }
  }

  private void awaitExit() throws ClusterFailure {
    long deadline = System.nanoTime() + STOP_TIMEOUT.toNanos();
    try {
      while (pod().filter(pod -> stateOf(pod) instanceof State.Running).isPresent() && System.nanoTime() < deadline) {
        Thread.sleep(POLL_INTERVAL);
      }
    } catch (InterruptedException e) {
      // Deleting the Job stops the pod.
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public State state() throws ClusterFailure {
    return pod().map(LabJob::stateOf).orElseGet(() -> new State.Waiting("its pod has not been created yet", false));
  }

  static State stateOf(Pod pod) {
    PodStatus status = pod.getStatus();
    Optional<ContainerState> container = status.getContainerStatuses().stream()
        .filter(each -> LabJobManifests.CONTAINER.equals(each.getName())).findFirst().map(ContainerStatus::getState);
    Optional<ContainerStateTerminated> terminated = container.map(ContainerState::getTerminated);
    if (terminated.isPresent()) {
      return new State.Ended(terminated.get().getExitCode(), String.valueOf(terminated.get().getReason()));
    }
    if (container.map(ContainerState::getRunning).isPresent()) {
      return new State.Running();
    }
    if ("Failed".equals(status.getPhase())) {
      return new State.Waiting(joined(status.getReason(), status.getMessage()), true);
    }
    Optional<ContainerStateWaiting> waiting = container.map(ContainerState::getWaiting);
    if (waiting.isPresent()) {
      return new State.Waiting(joined(waiting.get().getReason(), waiting.get().getMessage()),
          PERMANENT_REASONS.contains(waiting.get().getReason()));
    }
    return new State.Waiting(status.getConditions().stream().filter(condition -> "False".equals(condition.getStatus()))
        .map(PodCondition::getMessage).filter(message -> message != null && !message.isBlank()).findFirst()
        .orElse("its pod is not scheduled yet"), false);
  }

  private static String joined(String... parts) {
    return Stream.of(parts).filter(part -> part != null && !part.isBlank()).reduce((one, two) -> one + ": " + two)
        .orElse("no reason given");
  }

  private Optional<Pod> pod() throws ClusterFailure {
    return request("find the pod of " + manifests.name(),
        () -> client.pods().inNamespace(namespace).withLabel(LabJobManifests.LABEL, manifests.name()).list().getItems())
        .stream().findFirst();
  }

  private String podName() throws ClusterFailure {
    return pod().orElseThrow(() -> new ClusterFailure("the pod of " + manifests.name() + " is gone")).getMetadata()
        .getName();
  }

  @Override
  public List<String> log() throws ClusterFailure {
    String name = podName();
    return request("read the log of " + name,
        () -> client.pods().inNamespace(namespace).withName(name).inContainer(LabJobManifests.CONTAINER).getLog())
        .lines().toList();
  }

  @Override
  public void fetch(Path file) throws ClusterFailure, InterruptedException {
    send(HttpRequest.newBuilder().GET(), BodyHandlers.ofFile(file));
  }

  @Override
  public void finish() throws ClusterFailure, InterruptedException {
    send(HttpRequest.newBuilder().DELETE(), BodyHandlers.discarding());
  }

  private void send(HttpRequest.Builder request, BodyHandler<?> body) throws ClusterFailure, InterruptedException {
    try (LocalPortForward forward = objects.forward(podName());
        HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      URI address = URI.create("http://127.0.0.1:" + forward.getLocalPort() + "/");
      HttpResponse<?> answer = http.send(request.uri(address).timeout(REQUEST_TIMEOUT).build(), body);
      if (answer.statusCode() != 200) {
        throw new ClusterFailure("the pod of " + manifests.name() + " answered " + answer.statusCode());
      }
    } catch (IOException e) {
      throw new ClusterFailure("the pod of " + manifests.name() + " does not answer: " + e.getMessage(), e);
    }
  }
}
