package dev.statecraft.lab.environment.kubernetes;

import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.Probe;
import dev.statecraft.lab.environment.ShutdownHooks;
import dev.statecraft.lab.environment.TestEnvironment;
import dev.statecraft.lab.environment.kubernetes.ReleaseShape.Workload;
import dev.statecraft.lab.strategy.SessionStrategies;
import dev.statecraft.lab.strategy.SessionStrategy;
import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.LocalPortForward;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An installed release of the chart on a Kubernetes cluster. {@link #close} or JVM shutdown restores the replica counts
 * that the lab changed and removes the lab's Job; the release itself keeps running. Thread-safe.
 */
public final class Release implements AutoCloseable {
  private static final int CONNECT_TIMEOUT_MILLIS = 5_000;
  private static final int REQUEST_TIMEOUT_MILLIS = 20_000;
  private static final int MAX_RETRIES = 2;
  private static final System.Logger log = System.getLogger(Release.class.getName());

  private final ReleaseLocation location;
  private final KubernetesClient client;
  private final KubernetesObjects objects;
  private final ReleaseShape shape;
  private final ReplicaScaler scaler;
  private final Map<SessionStrategy, ReleaseConfiguration> configurations = new LinkedHashMap<>();
  private final ReleaseConfiguration gatewayConfiguration;
  private @Nullable LocalPortForward forward;
  private final URI gateway;
  private final ShutdownHooks shutdown;
  private volatile @Nullable LabJob lab;

  private Release(ReleaseLocation location, KubernetesClient client, KubernetesObjects objects, ReleaseShape shape,
      ReleaseSelector selector) throws ClusterFailure, NoSuchRelease {
    this.location = location;
    this.client = client;
    this.objects = objects;
    this.shape = shape;
    this.scaler = new ReplicaScaler(objects::scale);
    for (Map.Entry<SessionStrategy, Workload> entry : shape.strategies().entrySet()) {
      configurations.put(entry.getKey(), configuration(entry.getValue()));
    }
    this.gatewayConfiguration = configuration(shape.gateway());
    this.gateway = selector.url() == null ? findGateway(selector.inCluster()) : selector.url();
    try {
      this.shutdown = new ShutdownHooks("release-shutdown", this::restore);
    } catch (IOException e) {
      throw new ClusterFailure(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Selects a release.
   *
   * @param context the kubeconfig context; null for the current one, or the cluster that this process runs in
   * @param namespace null for the namespace of the context
   * @param release null if the namespace has only one
   * @param url the URL of the gateway without a trailing slash; null to detect it
   * @param inCluster whether the requests come from a pod, which reaches the gateway by its Service name
   */
  public record ReleaseSelector(@Nullable String context, @Nullable String namespace, @Nullable String release,
      @Nullable URI url, boolean inCluster) {}

  /**
   * The location of a release.
   *
   * @param context the kubeconfig context; null if there is none
   * @param version the version of Kubernetes
   */
  public record ReleaseLocation(@Nullable String context, String server, String version, String namespace) {}

  /**
   * Finds a release.
   *
   * @throws NoSuchRelease if the context, the cluster or the release is not found
   * @throws ClusterFailure if a request to the cluster fails
   */
  public static Release find(ReleaseSelector selector) throws NoSuchRelease, ClusterFailure {
    Config config = configure(selector.context());
    String namespace = selector.namespace() != null
        ? selector.namespace()
        : Optional.ofNullable(config.getNamespace()).orElse("default");
    KubernetesClient client = new KubernetesClientBuilder().withConfig(config).build();
    try {
      ReleaseLocation location = new ReleaseLocation(contextOf(config, selector.context()), config.getMasterUrl(),
          version(client, config), namespace);
      ReleaseShape shape = shape(client, namespace, selector.release());
      return new Release(location, client, new KubernetesObjects(client, namespace, shape.name()), shape, selector);
    } catch (NoSuchRelease | ClusterFailure | RuntimeException e) {
      client.close();
      throw e;
    }
  }

  private static Config configure(@Nullable String context) throws NoSuchRelease {
    Config config;
    try {
      config = Config.autoConfigure(context);
    } catch (KubernetesClientException e) {
      throw new NoSuchRelease("cannot read the kubeconfig: " + KubernetesObjects.oneLine(e));
    }
    List<NamedContext> contexts = Optional.ofNullable(config.getContexts()).orElse(List.of());
    if (context != null && contexts.stream().noneMatch(known -> context.equals(known.getName()))) {
      throw new NoSuchRelease("the kubeconfig has no context '" + context + "'"
          + (contexts.isEmpty()
              ? ""
              : "; known: " + String.join(", ", contexts.stream().map(NamedContext::getName).toList())));
    }
    config.setConnectionTimeout(CONNECT_TIMEOUT_MILLIS);
    config.setRequestTimeout(REQUEST_TIMEOUT_MILLIS);
    config.setRequestRetryBackoffLimit(MAX_RETRIES);
    return config;
  }

  private static @Nullable String contextOf(Config config, @Nullable String selected) {
    NamedContext current = config.getCurrentContext();
    return selected != null ? selected : current == null ? null : current.getName();
  }

  private static String version(KubernetesClient client, Config config) throws NoSuchRelease {
    try {
      return client.getKubernetesVersion().getGitVersion();
    } catch (KubernetesClientException e) {
      throw new NoSuchRelease(
          "no Kubernetes API answers at " + config.getMasterUrl() + ": " + KubernetesObjects.oneLine(e));
    }
  }

  private static ReleaseShape shape(KubernetesClient client, String namespace, @Nullable String release)
      throws NoSuchRelease, ClusterFailure {
    try {
      return ReleaseShape.of(namespace, release,
          client.apps().statefulSets().inNamespace(namespace).withLabel(ReleaseShape.PART_OF, ReleaseShape.STATECRAFT)
              .list().getItems(),
          client.apps().deployments().inNamespace(namespace).withLabel(ReleaseShape.PART_OF, ReleaseShape.STATECRAFT)
              .list().getItems());
    } catch (KubernetesClientException e) {
      throw new ClusterFailure(
          "cannot find the releases in the namespace " + namespace + ": " + KubernetesObjects.oneLine(e), e);
    }
  }

  private ReleaseConfiguration configuration(Workload workload) throws ClusterFailure {
    return objects.configuration(workload.name()).map(map -> map.getData()).map(data -> data.get("application.yaml"))
        .map(ReleaseConfiguration::parse).orElse(ReleaseConfiguration.EMPTY);
  }

  /** The first candidate URL at which a gateway of this release answers, or else a forwarded port. */
  private URI findGateway(boolean inCluster) throws ClusterFailure, NoSuchRelease {
    List<String> gateways = objects.pods(shape.gateway()).stream().filter(ReleaseObjects.ReleasePod::ready)
        .map(ReleaseObjects.ReleasePod::name).toList();
    if (gateways.isEmpty()) {
      throw new NoSuchRelease("no gateway of the release " + shape.name() + " is ready");
    }
    Service service = objects.service(shape.gateway().name())
        .orElseThrow(() -> new ClusterFailure("the Service " + shape.gateway().name() + " does not exist"));
    if (inCluster) {
      return GatewayAddress.inCluster(service);
    }
    for (URI candidate : GatewayAddress.candidates(service, objects.rawPods(shape.gateway()))) {
      if (leadsToThisRelease(candidate)) {
        return candidate;
      }
    }
    LocalPortForward forwarded = objects.forward(gateways.getFirst());
    forward = forwarded;
    return URI.create("http://127.0.0.1:" + forwarded.getLocalPort());
  }

  /** Whether a node of this release answers there; another system may have the same address. */
  private boolean leadsToThisRelease(URI address) throws ClusterFailure {
    for (Map.Entry<SessionStrategy, Workload> entry : shape.strategies().entrySet()) {
      List<String> nodes = objects.pods(entry.getValue()).stream().map(ReleaseObjects.ReleasePod::name).toList();
      URI session = address.resolve("/" + entry.getKey().id() + "/session");
      if (Probe.servedBy(session).filter(nodes::contains).isPresent()) {
        return true;
      }
    }
    return false;
  }

  public ReleaseLocation location() {
    return location;
  }

  public ReleaseShape shape() {
    return shape;
  }

  /** The objects of the release; a replica count that is set through them is not restored. */
  public ReleaseObjects objects() {
    return objects;
  }

  /** The URL of the gateway. */
  public URI gateway() {
    return gateway;
  }

  /** Whether requests reach a single gateway pod through a forwarded port, because no other URL answered. */
  public boolean isPortForwarded() {
    return forward != null;
  }

  /** The read guarantee of {@code replicated} in this release. */
  public Optional<String> reads() {
    return of(SessionStrategies.of("replicated")).text("statecraft", "session", "replicated", "reads");
  }

  /** The write mode of {@code redis} in this release. */
  public Optional<String> writes() {
    return of(SessionStrategies.of("redis")).text("statecraft", "session", "redis", "writes");
  }

  /** Whether the gateways discover nodes that start after them. */
  public boolean discoversNodes(SessionStrategy strategy) {
    return gatewayConfiguration.has("statecraft", "gateway", "routes", strategy.id(), "discovery");
  }

  /** The number of nodes that are permanent members of the strategy's Raft group; 0 if it has none. */
  public int initialMembers(SessionStrategy strategy) {
    return of(strategy).text("statecraft", "session", "replicated", "members").map(members -> members.split(",").length)
        .orElse(0);
  }

  /**
   * The environment of a strategy; closing it does nothing.
   *
   * @throws ClusterFailure if a node of the strategy is not ready
   */
  public TestEnvironment environment(SessionStrategy strategy) throws ClusterFailure {
    Workload workload = shape.workload(strategy);
    List<ReleaseObjects.ReleasePod> pods = objects.pods(workload);
    long ready = pods.stream().filter(ReleaseObjects.ReleasePod::ready).count();
    if (ready < workload.replicas()) {
      throw new ClusterFailure(
          "only " + ready + " of " + workload.replicas() + " pods of " + workload.name() + " are ready");
    }
    return new TestEnvironment(gateway.resolve("/" + strategy.id()),
        pods.stream().map(ReleaseObjects.ReleasePod::name).toList(), ReleaseFaultTarget.of(this, strategy),
        ReleaseFaultTarget.RECOVERY_TIMEOUT, Optional::empty, Optional::empty, () -> {});
  }

  /** Sets the replica count of a workload until this release is closed. */
  public void scale(Workload workload, int replicas) throws ClusterFailure {
    scaler.scale(workload, replicas);
  }

  /**
   * Prepares the lab as a pod in the namespace of this release; creates no object yet.
   *
   * @param image the image of the lab; null to derive it from the gateway's image
   * @param timeout after which the cluster stops it
   * @throws NoSuchRelease if the image cannot be derived
   */
  public InClusterLab lab(@Nullable String image, List<String> arguments, Duration timeout)
      throws ClusterFailure, NoSuchRelease {
    Deployment deployment = objects.gateway(shape.gateway());
    LabJob job = new LabJob(client, location.namespace(), objects,
        LabJobManifests.of(deployment, image, arguments, timeout));
    lab = job;
    return job;
  }

  private ReleaseConfiguration of(SessionStrategy strategy) {
    return configurations.getOrDefault(strategy, ReleaseConfiguration.EMPTY);
  }

  /** Removes the lab's Job and restores the replica counts. */
  @Override
  public void close() {
    shutdown.close();
  }

  private void restore() {
    LabJob running = lab;
    try {
      if (running != null) {
        running.remove();
      }
    } catch (ClusterFailure e) {
      log.log(System.Logger.Level.WARNING, e.getMessage());
    }
    try {
      scaler.restore();
      LocalPortForward forwarded = forward;
      if (forwarded != null) {
        forwarded.close();
      }
    } catch (ClusterFailure | IOException e) {
      log.log(System.Logger.Level.WARNING, e.getMessage());
    }
    client.close();
  }
}
