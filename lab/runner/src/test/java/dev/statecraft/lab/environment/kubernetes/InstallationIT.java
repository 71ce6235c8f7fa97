package dev.statecraft.lab.environment.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.Helm;
import dev.statecraft.lab.environment.SessionStoreState;
import dev.statecraft.lab.environment.kubernetes.Release.ReleaseSelector;
import dev.statecraft.lab.environment.kubernetes.ReleaseObjects.ReleasePod;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults.FaultResult;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults.Run;
import dev.statecraft.lab.history.HistoryReader;
import dev.statecraft.lab.history.Operation;
import dev.statecraft.lab.history.Operation.Call;
import dev.statecraft.lab.history.Outcome;
import dev.statecraft.lab.report.HtmlReport;
import dev.statecraft.lab.report.ResultsFile;
import dev.statecraft.lab.strategy.SessionStrategies;
import dev.statecraft.lab.strategy.SessionStrategy;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Installs the chart in a new namespace of the current kubeconfig context, tests it under load, upgrades and uninstalls
 * it. Each step continues from the state of the previous one. Runs only with {@code mvn verify -Pkubernetes}. A single
 * step can use an existing installation by {@code -Dstatecraft.kubernetes.namespace}.
 */
@Tag("kubernetes")
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class InstallationIT {
  private static final Path HOME = Path.of("..", "..").toAbsolutePath().normalize();
  private static final String RELEASE = "statecraft";
  private static final Path VALUES = Path.of("target", "values.yaml");
  private static final int INSTALL_TIMEOUT_SECONDS = 600;
  private static final Duration READY_TIMEOUT = Duration.ofMinutes(3);
  private static final int KILLS = Integer.parseInt(setting("kills", "1"));
  private static final int SECONDS_PER_KILL = 12;
  private static final Duration COMMAND_TIMEOUT = Duration.ofMinutes(10).plusMinutes(2L * KILLS);
  private static final Duration REMOVAL_TIMEOUT = Duration.ofMinutes(2);
  private static final Duration STATUS_TIMEOUT = Duration.ofMinutes(1);

  private final String existingNamespace = setting("namespace", "");
  private final String namespace = existingNamespace.isEmpty()
      ? "statecraft-it-" + ThreadLocalRandom.current().nextInt(100_000, 1_000_000)
      : existingNamespace;
  private final Config config = Config.autoConfigure(null);
  private final KubernetesClient client;
  private boolean created;

  InstallationIT() {
    config.setConnectionTimeout((int) Duration.ofSeconds(5).toMillis());
    config.setRequestRetryBackoffLimit(1);
    this.client = new KubernetesClientBuilder().withConfig(config).build();
  }

  @BeforeAll
  void createNamespace() {
    try {
      client.getKubernetesVersion();
    } catch (KubernetesClientException e) {
      throw new AssertionError(
          "-Pkubernetes needs a Kubernetes cluster, and none answers at " + config.getMasterUrl());
    }
    if (existingNamespace.isEmpty()) {
      client.namespaces().resource(new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
          .create();
      created = true;
    }
  }

  @AfterAll
  void deleteNamespace() {
    if (created) {
      client.namespaces().withName(namespace).delete();
    }
    client.close();
  }

  @Test
  @Order(1)
  void installationMakesEveryPodReady() throws Exception {
    String tag = setting("tag", "");
    if (tag.isEmpty()) {
      tag = "it";
      String base = setting("base", "");
      statecraft(
          Stream.concat(Stream.of("images", "--tag", tag), base.isEmpty() ? Stream.of() : Stream.of("--base", base)));
    }
    String redis = System.getProperty("statecraft.redis.image", "redis:7-alpine");
    int colon = redis.lastIndexOf(':');
    Files.writeString(VALUES, """
        image: {tag: "%s"}
        gateway: {service: {type: NodePort}}
        redis: {image: {repository: "%s", tag: "%s"}}
        strategies: {replicated: {enabled: true}}
        """.formatted(tag, redis.substring(0, colon), redis.substring(colon + 1)));
    long began = System.nanoTime();
    new Helm(HOME.resolve("helm/statecraft")).install().withName(RELEASE).withNamespace(namespace)
        .withKubeConfig(kubeconfig()).withValuesFile(VALUES).waitReady().withTimeout(INSTALL_TIMEOUT_SECONDS).call();
    System.out.println("all pods ready after " + Duration.ofNanos(System.nanoTime() - began).toSeconds() + " s");

    assertThat(pods()).hasSize(2 + 2 + 2 + 3 + 3 + 3 + 1).allMatch(Readiness.getInstance()::isReady);
  }

  @Test
  @Order(2)
  void chartTestPasses() {
    String status;
    try {
      status = Helm.test(RELEASE).withNamespace(namespace).withKubeConfig(kubeconfig()).withTimeout(150).call()
          .getStatus();
    } catch (IllegalStateException failed) {
      throw new AssertionError(client.pods().inNamespace(namespace).withName(RELEASE + "-test").getLog(), failed);
    }
    assertThat(status).isEqualToIgnoringCase("deployed");
  }

  @Test
  @Order(3)
  void killedStatefulPodFailsNoRead() throws Exception {
    Path out = Path.of("target", "kubernetes");
    statecraft(
        Stream.of(
            "compare", "--on", "kubernetes", "--namespace", namespace, "--faults",
            String.join(",", Collections.nCopies(KILLS, "kill")), "--rate", "40", "--sessions", "30", "--duration",
            KILLS * SECONDS_PER_KILL + "s", "--warm-up", "10s", "--repeat", "1", "--no-open", "--out",
            out.toAbsolutePath().toString()));

    StrategyResults results = (StrategyResults) ResultsFile.read(out.resolve(ResultsFile.NAME),
        Map.of(StrategyResults.SCHEMA, StrategyResults.class));
    assertThat(Objects.requireNonNull(results.cluster()).namespace()).isEqualTo(namespace);
    assertThat(results.runs()).extracting(Run::strategy).containsExactly("affinity", "redis", "replicated");
    assertThat(results.runs()).allMatch(Run::guaranteeKept).flatExtracting(Run::faults).hasSize(3 * KILLS)
        .extracting(FaultResult::servesAgainMillis).doesNotContainNull();
    for (Run run : results.runs()) {
      assertThat(failedReads(out.resolve(run.history()), run.strategy().equals("affinity")))
          .as("failed GETs of %s", run.strategy()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"stateless", "reactive", "gateway"})
  @Order(4)
  void killedDeploymentPodFailsNoRead(String component) throws Exception {
    boolean gateway = component.equals("gateway");
    // The kill of a gateway closes its connections, so the client must retry.
    try (InstallationLoad stateless = InstallationLoad.start(gateway().resolve("/stateless/whoami"), 20, gateway);
        InstallationLoad reactive = InstallationLoad.start(gateway().resolve("/reactive/whoami"), 20, gateway)) {
      for (int kill = 1; kill <= KILLS; kill++) {
        Pod target = pods(component).get(kill % 2);
        client.pods().resource(target).withGracePeriod(0).delete();
        Awaitility.await().atMost(READY_TIMEOUT).until(() -> {
          List<Pod> now = pods(component);
          return now.size() == 2 && now.stream().allMatch(
              pod -> Readiness.getInstance().isReady(pod) && !uid(pod).equals(uid(target))
                  && (gateway || stateless.isServedBy(name(pod)) || reactive.isServedBy(name(pod))));
        });
      }
      List<String> failures = new ArrayList<>(stateless.stop());
      failures.addAll(reactive.stop());
      System.out.println(component + " killed " + KILLS + " times: " + stateless + "; " + reactive);

      assertThat(failures).isEmpty();
    }
  }

  @Test
  @Order(5)
  void inClusterRunReturnsReportAndLeavesNothing() throws Exception {
    Path out = Path.of("target", "kubernetes-inside");
    statecraft(
        Stream.of(
            "compare", "--on", "kubernetes", "--namespace", namespace, "--from-inside", "--strategies", "redis",
            "--faults", "kill", "--rate", "20", "--sessions", "10", "--duration", "5s", "--warm-up", "10s",
            "--repeat", "1", "--no-open", "--out",
            out.toAbsolutePath().toString()));

    StrategyResults results = (StrategyResults) ResultsFile.read(out.resolve(ResultsFile.NAME),
        Map.of(StrategyResults.SCHEMA, StrategyResults.class));
    assertThat(Objects.requireNonNull(results.cluster()).gateway()).isEqualTo("http://" + RELEASE + "-gateway");
    assertThat(results.command()).contains("--from-inside").doesNotContain("--url");
    assertThat(results.runs()).singleElement().satisfies(run -> {
      assertThat(run.guaranteeKept()).isTrue();
      assertThat(HistoryReader.read(out.resolve(run.history())).operations()).isNotEmpty();
    });
    assertThat(out.resolve(HtmlReport.NAME)).isNotEmptyFile();
    Awaitility.await().atMost(REMOVAL_TIMEOUT)
        .untilAsserted(() -> assertThat(remainingObjects()).noneMatch(name -> name.contains("-lab-")));
  }

  @Test
  @Order(6)
  void upgradeWithSameValuesChangesNothing() {
    Awaitility.await().atMost(REMOVAL_TIMEOUT).until(() -> pods().stream().allMatch(Readiness.getInstance()::isReady));
    Map<String, String> before = uids();
    Map<String, Map<String, String>> secrets = secrets();
    new Helm(HOME.resolve("helm/statecraft")).upgrade().withName(RELEASE).withNamespace(namespace)
        .withKubeConfig(kubeconfig()).reuseValues().waitReady().withTimeout(INSTALL_TIMEOUT_SECONDS).call();

    assertThat(uids()).isEqualTo(before);
    assertThat(secrets()).isEqualTo(secrets);
  }

  @Test
  @Order(7)
  void uninstallLeavesOnlyDisksAndKeys() {
    Helm.uninstall(RELEASE).withNamespace(namespace).withKubeConfig(kubeconfig()).call();

    Awaitility.await().atMost(REMOVAL_TIMEOUT).untilAsserted(() -> assertThat(remainingObjects())
        .as("the Secrets that the disks and the clients' cookies need").isNotEmpty()
        .allMatch(name -> name.endsWith("-keyring") || name.endsWith("-redis-auth")));
    assertThat(client.persistentVolumeClaims().inNamespace(namespace).list().getItems())
        .as("one for Redis and one for each member of the Raft group").hasSize(1 + 3);
  }

  @Test
  @Order(8)
  void reinstallationFindsTheDisks() throws Exception {
    new Helm(HOME.resolve("helm/statecraft")).install().withName(RELEASE).withNamespace(namespace)
        .withKubeConfig(kubeconfig()).withValuesFile(VALUES).set("gateway.replicas", 1).set("stateless.enabled", false)
        .set("reactive.enabled", false).set("strategies.affinity.enabled", false).waitReady()
        .withTimeout(INSTALL_TIMEOUT_SECONDS).call();
    try (Release release = Release.find(new ReleaseSelector(null, namespace, RELEASE, null, false))) {
      for (SessionStrategy strategy : List.of(SessionStrategies.of("redis"), SessionStrategies.of("replicated"))) {
        for (ReleasePod pod : release.objects().pods(release.shape().workload(strategy))) {
          Awaitility.await("earlier sessions at " + pod.name()).atMost(STATUS_TIMEOUT)
              .untilAsserted(
                  () -> assertThat(release.objects().sessionStore(pod.name()).map(SessionStoreState::sessions))
                      .hasValueSatisfying(count -> assertThat(count).isPositive()));
        }
      }
    }
  }

  @Test
  @Order(9)
  void scalingChangesRaftMembersWithoutReplacement() {
    String first = RELEASE + "-stateful-replicated-0";
    List<Pod> initialMembers = pods("stateful-replicated");
    assertThat(initialMembers).hasSize(3);
    scaleGroup(5);
    assertThat(members(first)).hasSize(5)
        .containsExactlyElementsOf(pods("stateful-replicated").stream().map(InstallationIT::name).sorted().toList());

    scaleGroup(3);
    Awaitility.await().atMost(REMOVAL_TIMEOUT).until(() -> pods("stateful-replicated").size() == 3);
    assertThat(members(first)).as("removed nodes left the group before they exited").hasSize(3);
    assertThat(pods("stateful-replicated")).extracting(InstallationIT::uid)
        .containsExactlyInAnyOrderElementsOf(initialMembers.stream().map(InstallationIT::uid).toList());
  }

  private void scaleGroup(int replicas) {
    new Helm(HOME.resolve("helm/statecraft")).upgrade().withName(RELEASE).withNamespace(namespace)
        .withKubeConfig(kubeconfig()).reuseValues().set("strategies.replicated.replicas", replicas).waitReady()
        .withTimeout(INSTALL_TIMEOUT_SECONDS).call();
  }

  /** The members of the Raft group that a pod reports. */
  private List<String> members(String pod) {
    String state = client.raw(
        "/api/v1/namespaces/" + namespace + "/pods/" + pod + ":8081/proxy/actuator/sessionstore");
    return JsonMapper.shared().readTree(state).path("members").valueStream().map(JsonNode::stringValue).toList();
  }

  /** Failed GETs, without those that report a lost session if the strategy may lose sessions. */
  private static List<Operation> failedReads(Path history, boolean losesSessions) throws IOException {
    return HistoryReader.read(history).operations().stream()
        .filter(operation -> operation.call() == Call.READ || operation.call() == Call.SHOW)
        .filter(operation -> operation.outcome() instanceof Outcome.Failed failed
            && !(losesSessions && reportsLostSession(operation, failed.status())))
        .toList();
  }

  /** 401, or 503 from the node itself while a peer that may own the session does not answer. */
  private static boolean reportsLostSession(Operation operation, int status) {
    return status == 401 || (status == 503 && operation.servedBy() != null);
  }

  /** The node port of the Service on the host of a gateway. */
  private URI gateway() {
    String host = pods("gateway").getFirst().getStatus().getHostIP();
    return URI.create(
        "http://" + host + ":" + client.services().inNamespace(namespace).withName(RELEASE + "-gateway").get()
            .getSpec().getPorts().getFirst().getNodePort());
  }

  private List<Pod> pods(String component) {
    return client.pods().inNamespace(namespace).withLabel("app.kubernetes.io/component", component).list().getItems();
  }

  private List<Pod> pods() {
    return client.pods().inNamespace(namespace).list().getItems();
  }

  private static String name(Pod pod) {
    return pod.getMetadata().getName();
  }

  private static String uid(Pod pod) {
    return pod.getMetadata().getUid();
  }

  private Map<String, String> uids() {
    return pods().stream()
        .collect(Collectors.toMap(InstallationIT::name, InstallationIT::uid, (one, _) -> one, TreeMap::new));
  }

  /** The secrets of the chart, without those of Helm and Kubernetes. */
  private Map<String, Map<String, String>> secrets() {
    return client.secrets().inNamespace(namespace).withLabel("app.kubernetes.io/part-of", "statecraft").list()
        .getItems()
        .stream().collect(Collectors.toMap(secret -> secret.getMetadata().getName(), Secret::getData));
  }

  /** The names of all objects except volume claims and what every namespace has. */
  private List<String> remainingObjects() {
    return Stream.of(
        pods(), client.batch().v1().jobs().inNamespace(namespace).list().getItems(),
        client.services().inNamespace(namespace).list().getItems(),
        client.apps().statefulSets().inNamespace(namespace).list().getItems(),
        client.apps().deployments().inNamespace(namespace).list().getItems(),
        client.configMaps().inNamespace(namespace).list().getItems(),
        client.secrets().inNamespace(namespace).list().getItems(),
        client.serviceAccounts().inNamespace(namespace).list().getItems(),
        client.network().v1().networkPolicies().inNamespace(namespace).list().getItems(),
        client.rbac().roles().inNamespace(namespace).list().getItems(),
        client.rbac().roleBindings().inNamespace(namespace).list().getItems())
        .<HasMetadata>flatMap(Collection::stream).map(object -> object.getMetadata().getName())
        .filter(name -> !name.equals("default") && !name.equals("kube-root-ca.crt")
            && !name.startsWith("default-token-"))
        .toList();
  }

  /** Runs the launcher; a failure has its output. */
  private static void statecraft(Stream<String> arguments) throws IOException, InterruptedException {
    List<String> command = Stream.concat(Stream.of(HOME.resolve("statecraft").toString()), arguments).toList();
    Path log = Files.createTempFile(Files.createDirectories(Path.of("target")), "statecraft-", ".log");
    Process process = new ProcessBuilder(command).directory(HOME.toFile()).redirectErrorStream(true)
        .redirectOutput(log.toFile()).start();
    boolean exited = process.waitFor(COMMAND_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    if (!exited) {
      process.destroy();
    }
    String output = Files.readString(log);
    System.out.print(output);
    assertThat(exited).as("%s within %s: %s", command, COMMAND_TIMEOUT, output).isTrue();
    assertThat(process.exitValue()).as("%s: %s", command, output).isZero();
  }

  private Path kubeconfig() {
    return Objects.requireNonNull(config.getFile(), "no kubeconfig").toPath();
  }

  private static String setting(String name, String defaultValue) {
    return System.getProperty("statecraft.kubernetes." + name, defaultValue);
  }
}
