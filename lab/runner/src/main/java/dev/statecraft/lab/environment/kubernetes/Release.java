package dev.statecraft.lab.environment.kubernetes;

import dev.statecraft.lab.checker.guarantee.SessionStrategy;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.Probe;
import dev.statecraft.lab.environment.ShutdownHooks;
import dev.statecraft.lab.environment.TestEnvironment;
import dev.statecraft.lab.environment.kubernetes.ReleaseShape.Workload;
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
 * An installed release of the chart on a Kubernetes cluster. It is not this process's own: nothing is started or
 * removed, and {@link #close}, or the end of this process by whatever way lets it run its shutdown hooks, gives each
 * workload the replicas that it was found with. Thread-safe.
 */
public final class Release implements AutoCloseable {
  private static final int CONNECT_MILLIS = 5_000;
  private static final int REQUEST_MILLIS = 20_000;
  private static final int REPETITIONS = 2;

  private final ReleaseLocation location;
  private final KubernetesClient client;
  private final KubernetesObjects objects;
  private final ReleaseShape shape;
  private final ReplicaScaler scale;
  private final Map<SessionStrategy, ReleaseConfiguration> configurations = new LinkedHashMap<>();
  private final ReleaseConfiguration gatewayConfiguration;
  private @Nullable LocalPortForward forward;
  private final URI gateway;
  private final ShutdownHooks atExit;
  private volatile @Nullable LabJob lab;

  private Release(ReleaseLocation location, KubernetesClient client, KubernetesObjects objects, ReleaseShape shape,
      ReleaseSelector wanted) throws ClusterFailure, NoSuchRelease {
    this.location = location;
    this.client = client;
    this.objects = objects;
    this.shape = shape;
    this.scale = new ReplicaScaler(objects);
    for (Map.Entry<SessionStrategy, Workload> entry : shape.strategies().entrySet()) {
      configurations.put(entry.getKey(), configuration(entry.getValue()));
    }
    this.gatewayConfiguration = configuration(shape.gateway());
    this.gateway = wanted.url() == null ? reach(wanted.inside()) : wanted.url();
    try {
      this.atExit = new ShutdownHooks("release-at-exit", this::end);
    } catch (IOException e) {
      throw new ClusterFailure(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * What the user named; each may be null.
   *
   * @param context of the kubeconfig; null is its current one, or the cluster that this process runs in
   * @param namespace null is that of the context
   * @param release null where the namespace has but one
   * @param url where the gateway answers, without a slash at the end; null where it is to be found out
   * @param inside whether the requests will come from a pod, which knows the gateway by its Service's name
   */
  public record ReleaseSelector(@Nullable String context, @Nullable String namespace, @Nullable String release,
      @Nullable URI url, boolean inside) {}

  /**
   * Where a release is.
   *
   * @param context null where none was named or in use
   * @param version of Kubernetes
   */
  public record ReleaseLocation(@Nullable String context, String server, String version, String namespace) {}

  /**
   * Finds a release.
   *
   * @throws NoSuchRelease where the context, the cluster or the release is not there
   * @throws ClusterFailure where the cluster refuses to tell
   */
  public static Release find(ReleaseSelector wanted) throws NoSuchRelease, ClusterFailure {
    Config config = configure(wanted.context());
    String namespace = wanted.namespace() != null
        ? wanted.namespace()
        : Optional.ofNullable(config.getNamespace()).orElse("default");
    KubernetesClient client = new KubernetesClientBuilder().withConfig(config).build();
    try {
      ReleaseLocation location = new ReleaseLocation(contextOf(config, wanted.context()), config.getMasterUrl(),
          version(client, config), namespace);
      ReleaseShape shape = shape(client, namespace, wanted.release());
      return new Release(location, client, new KubernetesObjects(client, namespace, shape.name()), shape, wanted);
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
      throw new NoSuchRelease(
          "the kubeconfig has no context '" + context + "'" + (contexts.isEmpty()
              ? ""
              : "; it has " + String.join(", ", contexts.stream().map(NamedContext::getName).toList())));
    }
    config.setConnectionTimeout(CONNECT_MILLIS);
    config.setRequestTimeout(REQUEST_MILLIS);
    config.setRequestRetryBackoffLimit(REPETITIONS);
    return config;
  }

  private static @Nullable String contextOf(Config config, @Nullable String named) {
    NamedContext current = config.getCurrentContext();
    return named != null ? named : current == null ? null : current.getName();
  }

  private static String version(KubernetesClient client, Config config) throws NoSuchRelease {
    try {
      return client.getKubernetesVersion().getGitVersion();
    } catch (KubernetesClientException e) {
      throw new NoSuchRelease("no cluster answers at " + config.getMasterUrl() + ": " + KubernetesObjects.oneLine(e));
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
          "cannot look for a release in the namespace " + namespace + ": " + KubernetesObjects.oneLine(e), e);
    }
  }

  private ReleaseConfiguration configuration(Workload workload) throws ClusterFailure {
    return objects.configuration(workload.name()).map(map -> map.getData()).map(data -> data.get("application.yaml"))
        .map(ReleaseConfiguration::parse).orElse(ReleaseConfiguration.EMPTY);
  }

  /** The first address that a gateway of this release answers at; a forwarded port where there is none. */
  private URI reach(boolean inside) throws ClusterFailure, NoSuchRelease {
    List<String> gateways = objects.pods(shape.gateway()).stream().filter(ReleaseObjects.ReleasePod::ready)
        .map(ReleaseObjects.ReleasePod::name).toList();
    if (gateways.isEmpty()) {
      throw new NoSuchRelease("no gateway of the release " + shape.name() + " is ready");
    }
    Service service = objects.service(shape.gateway().name())
        .orElseThrow(() -> new ClusterFailure("there is no service " + shape.gateway().name()));
    if (inside) {
      return GatewayAddress.inside(service);
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

  /** Something else may have that address here: only an answer by a node of this release counts. */
  private boolean leadsToThisRelease(URI address) throws ClusterFailure {
    for (Map.Entry<SessionStrategy, Workload> entry : shape.strategies().entrySet()) {
      List<String> nodes = objects.pods(entry.getValue()).stream().map(ReleaseObjects.ReleasePod::name).toList();
      URI question = address.resolve("/" + entry.getKey().id() + "/session");
      if (Probe.servedBy(question).filter(nodes::contains).isPresent()) {
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

  /** What can be asked and told about the release's objects; a scale set here alone is not restored. */
  public ReleaseObjects objects() {
    return objects;
  }

  /** Where the gateway answers. */
  public URI gateway() {
    return gateway;
  }

  /** Whether requests go to one single gateway pod, and end with it: there was no other way to reach any. */
  public boolean isPortForwarded() {
    return forward != null;
  }

  /** What {@code replicated} promises of reads here. */
  public Optional<String> reads() {
    return of(SessionStrategy.REPLICATED).text("statecraft", "session", "replicated", "reads");
  }

  /** How {@code redis} writes here. */
  public Optional<String> writes() {
    return of(SessionStrategy.REDIS).text("statecraft", "session", "redis", "writes");
  }

  /** Whether the gateways find a node by themselves that was not there when they started. */
  public boolean discoversNodes(SessionStrategy strategy) {
    return gatewayConfiguration.has("statecraft", "gateway", "routes", strategy.id(), "discovery");
  }

  /** How many nodes of a strategy, the first ones, belong to their group for good; 0 where it has none. */
  public int initialMembers(SessionStrategy strategy) {
    return of(strategy).text("statecraft", "session", "replicated", "members")
        .map(members -> members.split(",").length).orElse(0);
  }

  /**
   * The release as the environment of a strategy. It stays as it is found, so nothing ends it.
   *
   * @throws ClusterFailure where not all nodes of the strategy are ready
   */
  public TestEnvironment environment(SessionStrategy strategy) throws ClusterFailure {
    Workload workload = shape.workload(strategy);
    List<ReleaseObjects.ReleasePod> pods = objects.pods(workload);
    long ready = pods.stream().filter(ReleaseObjects.ReleasePod::ready).count();
    if (ready < workload.replicas()) {
      throw new ClusterFailure(
          "only " + ready + " of " + workload.replicas() + " pods of " + workload.name() + " are ready");
    }
    return new TestEnvironment(
        gateway.resolve("/" + strategy.id()), pods.stream().map(ReleaseObjects.ReleasePod::name).toList(),
        ReleaseFaultTarget.of(this, strategy), ReleaseFaultTarget.RECOVERY_TIMEOUT, () -> {});
  }

  /** Sets the pods that a workload is to have, for as long as this release is not closed. */
  public void scale(Workload workload, int replicas) throws ClusterFailure {
    scale.set(workload, replicas);
  }

  /**
   * Describes the lab as a pod beside this release; nothing is made yet.
   *
   * @param image of the lab, or null for the one that lies where the gateway's does
   * @param most after which the cluster ends it
   * @throws NoSuchRelease where the gateway's image does not tell the lab's
   */
  public InClusterLab lab(@Nullable String image, List<String> arguments, Duration most)
      throws ClusterFailure, NoSuchRelease {
    Deployment deployment = objects.gateway(shape.gateway());
    LabJob described = new LabJob(
        client, location.namespace(), objects, LabJobManifests.of(deployment, image, arguments, most));
    lab = described;
    return described;
  }

  private ReleaseConfiguration of(SessionStrategy strategy) {
    return configurations.getOrDefault(strategy, ReleaseConfiguration.EMPTY);
  }

  /** Removes the lab's pod, which restores what it scaled, and restores what was scaled from here. */
  @Override
  public void close() {
    atExit.close();
  }

  private void end() {
    LabJob running = lab;
    try {
      if (running != null) {
        running.remove();
      }
    } catch (ClusterFailure e) {
      System.getLogger(Release.class.getName()).log(System.Logger.Level.WARNING, e.getMessage());
    }
    try {
      scale.restore();
      LocalPortForward forwarded = forward;
      if (forwarded != null) {
        forwarded.close();
      }
    } catch (ClusterFailure | IOException e) {
      System.getLogger(Release.class.getName()).log(System.Logger.Level.WARNING, e.getMessage());
    }
    client.close();
  }
}
