package dev.statecraft.lab.environment.kubernetes;

import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.Probe;
import dev.statecraft.lab.environment.SessionStoreState;
import dev.statecraft.lab.environment.kubernetes.ReleaseObjects.ReleasePod;
import dev.statecraft.lab.environment.kubernetes.ReleaseShape.Workload;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodList;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.LocalPortForward;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.PodResource;
import io.fabric8.kubernetes.client.dsl.RollableScalableResource;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.io.IOException;
import java.net.URI;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Accesses the objects of a release with the fabric8 client; needs no permission outside the namespace. */
record KubernetesObjects(KubernetesClient client, String namespace, String release) implements ReleaseObjects {
  static final int PORT = 8080;
  private static final String MANAGEMENT_PORT = "management";
  /** The exit code after SIGKILL: 128 plus the signal number. */
  private static final int SIGKILL_EXIT_CODE = 137;

  @Override
  public List<ReleasePod> pods(Workload workload) throws ClusterFailure {
    return rawPods(workload).stream().map(KubernetesObjects::pod).sorted(Comparator.comparing(ReleasePod::name))
        .toList();
  }

  List<Pod> rawPods(Workload workload) throws ClusterFailure {
    return request("list the pods of " + workload.name(), () -> selected(workload).list().getItems());
  }

  private FilterWatchListDeletable<Pod, PodList, PodResource> selected(Workload workload) {
    return client.pods().inNamespace(namespace)
        .withLabels(Map.of(ReleaseShape.INSTANCE, release, ReleaseShape.COMPONENT, workload.component()));
  }

  private static ReleasePod pod(Pod pod) {
    ObjectMeta metadata = pod.getMetadata();
    return new ReleasePod(metadata.getName(), metadata.getUid(), Readiness.getInstance().isReady(pod),
        metadata.getDeletionTimestamp() != null, isKilled(pod.getStatus()));
  }

  private static boolean isKilled(@Nullable PodStatus status) {
    return status != null && status.getContainerStatuses().stream().map(ContainerStatus::getState)
        .filter(Objects::nonNull).map(ContainerState::getTerminated).filter(Objects::nonNull)
        .anyMatch(end -> Integer.valueOf(SIGKILL_EXIT_CODE).equals(end.getExitCode()));
  }

  @Override
  public void delete(String pod, @Nullable Long graceSeconds) throws ClusterFailure {
    request("delete " + pod, () -> {
      PodResource resource = client.pods().inNamespace(namespace).withName(pod);
      return graceSeconds == null ? resource.delete() : resource.withGracePeriod(graceSeconds).delete();
    });
  }

  @Override
  public void restart(Workload workload) throws ClusterFailure {
    request("restart " + workload.name(), () -> resource(workload).rolling().restart());
  }

  @Override
  public void scale(Workload workload, int replicas) throws ClusterFailure {
    request("scale " + workload.name() + " to " + replicas, () -> resource(workload).scale(replicas));
  }

  @Override
  public boolean isRolledOut(Workload workload) throws ClusterFailure {
    HasMetadata found = request("read " + workload.name(), () -> resource(workload).get());
    return switch (found) {
      case StatefulSet set -> Rollout.isComplete(set);
      case Deployment deployment -> Rollout.isComplete(deployment);
      case null, default -> false;
    };
  }

  private RollableScalableResource<? extends HasMetadata> resource(Workload workload) {
    return switch (workload.kind()) {
      case STATEFUL_SET -> client.apps().statefulSets().inNamespace(namespace).withName(workload.name());
      case DEPLOYMENT -> client.apps().deployments().inNamespace(namespace).withName(workload.name());
    };
  }

  /** Uses a forwarded port, so that neither a route to the pod network nor network policies matter. */
  @Override
  public Optional<SessionStoreState> sessionStore(String pod) {
    try (LocalPortForward forward = forward(pod, managementPort(pod))) {
      return Probe.get(URI.create("http://127.0.0.1:" + forward.getLocalPort() + "/actuator/sessionstore"))
          .flatMap(SessionStoreState::parse);
    } catch (ClusterFailure | IOException e) {
      return Optional.empty();
    }
  }

  LocalPortForward forward(String pod) throws ClusterFailure {
    return forward(pod, PORT);
  }

  private LocalPortForward forward(String pod, int port) throws ClusterFailure {
    LocalPortForward forward = request("forward a port to " + pod,
        () -> client.pods().inNamespace(namespace).withName(pod).portForward(port));
    return Objects.requireNonNull(forward);
  }

  /** The container port of that name; releases of charts before 0.2.0 serve everything on one port. */
  private int managementPort(String pod) throws ClusterFailure {
    Pod found = request("read " + pod, () -> client.pods().inNamespace(namespace).withName(pod).get());
    return Stream.ofNullable(found).flatMap(object -> object.getSpec().getContainers().stream())
        .flatMap(container -> container.getPorts().stream()).filter(port -> MANAGEMENT_PORT.equals(port.getName()))
        .mapToInt(ContainerPort::getContainerPort).findFirst().orElse(PORT);
  }

  Optional<Service> service(String name) throws ClusterFailure {
    return Optional.ofNullable(
        request("read the service " + name, () -> client.services().inNamespace(namespace).withName(name).get()));
  }

  Deployment gateway(Workload workload) throws ClusterFailure {
    return Optional
        .ofNullable(request("read " + workload.name(),
            () -> client.apps().deployments().inNamespace(namespace).withName(workload.name()).get()))
        .orElseThrow(() -> new ClusterFailure("the Deployment " + workload.name() + " does not exist"));
  }

  Optional<ConfigMap> configuration(String name) throws ClusterFailure {
    return Optional.ofNullable(request("read the configuration " + name,
        () -> client.configMaps().inNamespace(namespace).withName(name).get()));
  }

  /** Runs an API request; {@code action} is its description for the error message, such as "list the pods". */
  static <T extends @Nullable Object> T request(String action, Supplier<T> request) throws ClusterFailure {
    try {
      return request.get();
    } catch (KubernetesClientException e) {
      throw new ClusterFailure("cannot " + action + ": " + oneLine(e), e);
    }
  }

  /** The message of the root cause, without the client's description of the request. */
  static String oneLine(Throwable failure) {
    Throwable deepest = failure;
    for (Throwable cause = deepest.getCause(); cause != null; cause = cause.getCause()) {
      deepest = cause;
    }
    String message = deepest.getMessage();
    String text = message == null || message.isBlank() ? deepest.getClass().getSimpleName() : message;
    int received = text.indexOf(" Received status:");
    return (received < 0 ? text : text.substring(0, received)).lines().findFirst().orElse(text).strip();
  }
}
