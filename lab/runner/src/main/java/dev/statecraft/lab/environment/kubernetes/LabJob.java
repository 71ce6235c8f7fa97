package dev.statecraft.lab.environment.kubernetes;

import static dev.statecraft.lab.environment.kubernetes.KubernetesObjects.asked;

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

/** The lab as a Job. Thread-safe. */
final class LabJob implements InClusterLab {
  private static final Duration ENDS_WITHIN = Duration.ofSeconds(45);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(30);
  /** No pod comes out of these by itself; a first failed pull may be followed by a good one. */
  private static final Set<String> HOPELESS = Set.of("ImagePullBackOff", "ErrImageNeverPull", "InvalidImageName",
      "CreateContainerConfigError", "CreateContainerError");

  private final KubernetesClient client;
  private final String namespace;
  private final KubernetesObjects objects;
  private final LabJobManifests wanted;
  private boolean made;
  private boolean removed;

  LabJob(KubernetesClient client, String namespace, KubernetesObjects objects, LabJobManifests wanted) {
    this.client = client;
    this.namespace = namespace;
    this.objects = objects;
    this.wanted = wanted;
  }

  @Override
  public String description() {
    return "the Job " + wanted.name() + " with the image " + wanted.image()
        + ", and a ServiceAccount, a Role and a RoleBinding of its name";
  }

  @Override
  public synchronized void start() throws ClusterFailure {
    if (removed) {
      throw new ClusterFailure("the lab was removed before it was made");
    }
    Job job = asked("make the Job " + wanted.name(),
        () -> client.batch().v1().jobs().inNamespace(namespace).resource(wanted.job()).create());
    made = true;
    OwnerReference owner = new OwnerReferenceBuilder().withApiVersion("batch/v1").withKind("Job")
        .withName(wanted.name()).withUid(job.getMetadata().getUid()).build();
    asked("make the ServiceAccount " + wanted.name(),
        () -> client.serviceAccounts().inNamespace(namespace).resource(wanted.account(owner)).create());
    asked("make the Role " + wanted.name(),
        () -> client.rbac().roles().inNamespace(namespace).resource(wanted.role(owner)).create());
    asked("make the RoleBinding " + wanted.name(),
        () -> client.rbac().roleBindings().inNamespace(namespace).resource(wanted.binding(owner)).create());
    run(1);
  }

  private void run(int pods) throws ClusterFailure {
    asked("start or end the Job " + wanted.name(), () -> resource()
        .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"parallelism\":" + pods + "}}"));
  }

  private ScalableResource<Job> resource() {
    return client.batch().v1().jobs().inNamespace(namespace).withName(wanted.name());
  }

  /** Has the pod end first, while it may still restore what it changed; what belongs to the Job goes with the Job. */
  synchronized void remove() throws ClusterFailure {
    removed = true;
    if (!made) {
      return;
    }
    made = false;
    try {
      run(0);
      awaitEnd();
    } finally {
      asked("delete the Job " + wanted.name(),
          () -> resource().withPropagationPolicy(DeletionPropagation.BACKGROUND).delete());
    }
  }

  private void awaitEnd() throws ClusterFailure {
    long deadline = System.nanoTime() + ENDS_WITHIN.toNanos();
    try {
      while (pod().filter(pod -> stateOf(pod) instanceof State.Running).isPresent() && System.nanoTime() < deadline) {
        Thread.sleep(POLL);
      }
    } catch (InterruptedException e) {
      // Then the pod ends with its Job.
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public State state() throws ClusterFailure {
    return pod().map(LabJob::stateOf).orElseGet(() -> new State.Waiting("it has no pod", false));
  }

  static State stateOf(Pod pod) {
    PodStatus status = pod.getStatus();
    Optional<ContainerState> container = status.getContainerStatuses().stream()
        .filter(each -> LabJobManifests.CONTAINER.equals(each.getName())).findFirst().map(ContainerStatus::getState);
    Optional<ContainerStateTerminated> ended = container.map(ContainerState::getTerminated);
    if (ended.isPresent()) {
      return new State.Ended(ended.get().getExitCode(), String.valueOf(ended.get().getReason()));
    }
    if (container.map(ContainerState::getRunning).isPresent()) {
      return new State.Running();
    }
    if ("Failed".equals(status.getPhase())) {
      return new State.Waiting(said(status.getReason(), status.getMessage()), true);
    }
    Optional<ContainerStateWaiting> waiting = container.map(ContainerState::getWaiting);
    if (waiting.isPresent()) {
      return new State.Waiting(
          said(waiting.get().getReason(), waiting.get().getMessage()), HOPELESS.contains(waiting.get().getReason()));
    }
    return new State.Waiting(status.getConditions().stream().filter(condition -> "False".equals(condition.getStatus()))
        .map(PodCondition::getMessage).filter(message -> message != null && !message.isBlank()).findFirst()
        .orElse("it is not scheduled yet"), false);
  }

  private static String said(String... words) {
    return Stream.of(words).filter(word -> word != null && !word.isBlank()).reduce((one, two) -> one + ": " + two)
        .orElse("it does not say why");
  }

  private Optional<Pod> pod() throws ClusterFailure {
    return asked("find the pod of " + wanted.name(),
        () -> client.pods().inNamespace(namespace).withLabel(LabJobManifests.LABEL, wanted.name()).list().getItems())
        .stream().findFirst();
  }

  private String podName() throws ClusterFailure {
    return pod().orElseThrow(() -> new ClusterFailure("the pod of " + wanted.name() + " is gone")).getMetadata()
        .getName();
  }

  @Override
  public List<String> log() throws ClusterFailure {
    String name = podName();
    return asked("read the log of " + name, () -> client.pods().inNamespace(namespace).withName(name)
        .inContainer(LabJobManifests.CONTAINER).getLog()).lines().toList();
  }

  @Override
  public void fetch(Path file) throws ClusterFailure, InterruptedException {
    ask(HttpRequest.newBuilder().GET(), BodyHandlers.ofFile(file));
  }

  @Override
  public void finish() throws ClusterFailure, InterruptedException {
    ask(HttpRequest.newBuilder().DELETE(), BodyHandlers.discarding());
  }

  private void ask(HttpRequest.Builder question, BodyHandler<?> body) throws ClusterFailure, InterruptedException {
    try (LocalPortForward forward = objects.forward(podName());
        HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      URI address = URI.create("http://127.0.0.1:" + forward.getLocalPort() + "/");
      HttpResponse<?> answer = http.send(question.uri(address).timeout(ANSWERS_WITHIN).build(), body);
      if (answer.statusCode() != 200) {
        throw new ClusterFailure("the pod of " + wanted.name() + " answered " + answer.statusCode());
      }
    } catch (IOException e) {
      throw new ClusterFailure("the pod of " + wanted.name() + " does not answer: " + e.getMessage(), e);
    }
  }
}
