package dev.statecraft.lab.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.Helm;
import dev.statecraft.lab.cluster.Release;
import dev.statecraft.lab.cluster.Release.Wanted;
import dev.statecraft.lab.cluster.ReleaseObjects.ReleasePod;
import dev.statecraft.lab.cluster.SessionStoreState;
import dev.statecraft.lab.cluster.SessionStrategy;
import dev.statecraft.lab.history.HistoryReader;
import dev.statecraft.lab.history.Operation;
import dev.statecraft.lab.history.Operation.Call;
import dev.statecraft.lab.history.Outcome;
import dev.statecraft.lab.report.HtmlReport;
import dev.statecraft.lab.report.Results;
import dev.statecraft.lab.report.Results.FaultResult;
import dev.statecraft.lab.report.Results.Run;
import dev.statecraft.lab.report.ResultsFile;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The chart on the cluster that the kubeconfig names, from its images to its removal, in a namespace of its own; each
 * step goes on where the one before ended. It runs by {@code mvn verify -Pkubernetes} alone. A single step can be shown
 * an installation that is there, by {@code -Dstatecraft.kubernetes.namespace}.
 */
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class InstallationIT {
  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
  private static final String RELEASE = "statecraft";
  private static final Path VALUES = Path.of("target", "values.yaml");
  private static final int INSTALL_SECONDS = 600;
  private static final Duration READY_WITHIN = Duration.ofMinutes(3);
  private static final int KILLS = Integer.parseInt(setting("kills", "1"));
  private static final int SECONDS_A_KILL = 12;
  private static final Duration LONGEST = Duration.ofMinutes(10).plusMinutes(2L * KILLS);
  private static final Duration GONE_WITHIN = Duration.ofMinutes(2);

  private final String given = setting("namespace", "");
  private final String namespace = given.isEmpty()
      ? "statecraft-it-" + ThreadLocalRandom.current().nextInt(100_000, 1_000_000)
      : given;
  private final Config config = Config.autoConfigure(null);
  private final KubernetesClient client;
  private boolean made;

  InstallationIT() {
    config.setConnectionTimeout((int) Duration.ofSeconds(5).toMillis());
    config.setRequestRetryBackoffLimit(1);
    this.client = new KubernetesClientBuilder().withConfig(config).build();
  }

  @BeforeAll
  void makeANamespace() {
    try {
      client.getKubernetesVersion();
    } catch (KubernetesClientException e) {
      throw new AssertionError(
          "no Kubernetes cluster answers at " + config.getMasterUrl() + ", and -Pkubernetes needs one");
    }
    if (given.isEmpty()) {
      client.namespaces().resource(new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
          .create();
      made = true;
    }
  }

  @AfterAll
  void removeTheNamespace() {
    if (made) {
      client.namespaces().withName(namespace).delete();
    }
    client.close();
  }

  @Test
  @Order(1)
  void oneInstallationMakesEveryPodReady() throws Exception {
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
        .withKubeConfig(kubeconfig()).withValuesFile(VALUES).waitReady().withTimeout(INSTALL_SECONDS).call();
    System.out.println("all pods ready after " + Duration.ofNanos(System.nanoTime() - began).toSeconds() + " s");

    assertThat(pods()).hasSize(2 + 2 + 2 + 3 + 3 + 3 + 1).allMatch(Readiness.getInstance()::isReady);
  }

  @Test
  @Order(2)
  void theChartsOwnTestPasses() {
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
  void aKilledStatefulPodCostsNoGuaranteeAndNoRead() throws Exception {
    Path out = Path.of("target", "kubernetes");
    statecraft(
        Stream.of(
            "compare", "--on", "kubernetes", "--namespace", namespace, "--faults",
            String.join(",", Collections.nCopies(KILLS, "kill")), "--rate", "40", "--sessions", "30", "--duration",
            KILLS * SECONDS_A_KILL + "s", "--no-open", "--out", out.toAbsolutePath().toString()));

    Results results = (Results) ResultsFile.read(out.resolve(ResultsFile.NAME));
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
  void aKilledPodOfADeploymentCostsNoRead(String component) throws Exception {
    boolean gateway = component.equals("gateway");
    // A connection to a gateway that is killed ends with it, and the client has to ask again.
    try (HttpLoadGenerator stateless = HttpLoadGenerator.on(gateway().resolve("/stateless/whoami"), 20, gateway);
        HttpLoadGenerator reactive = HttpLoadGenerator.on(gateway().resolve("/reactive/whoami"), 20, gateway)) {
      for (int kill = 1; kill <= KILLS; kill++) {
        Pod victim = pods(component).get(kill % 2);
        client.pods().resource(victim).withGracePeriod(0).delete();
        Awaitility.await().atMost(READY_WITHIN).until(() -> {
          List<Pod> now = pods(component);
          return now.size() == 2 && now.stream().allMatch(
              pod -> Readiness.getInstance().isReady(pod) && !uid(pod).equals(uid(victim))
                  && (gateway || stateless.isServedBy(name(pod)) || reactive.isServedBy(name(pod))));
        });
      }
      List<String> failures = new ArrayList<>(stateless.end());
      failures.addAll(reactive.end());
      System.out.println(component + " killed " + KILLS + " times: " + stateless + "; " + reactive);

      assertThat(failures).isEmpty();
    }
  }

  @Test
  @Order(5)
  void fromInsideTheReportComesHereAndNothingStaysThere() throws Exception {
    Path out = Path.of("target", "kubernetes-inside");
    statecraft(
        Stream.of(
            "compare", "--on", "kubernetes", "--namespace", namespace, "--from-inside", "--strategies", "redis",
            "--faults", "kill", "--rate", "20", "--sessions", "10", "--duration", "5s", "--no-open", "--out",
            out.toAbsolutePath().toString()));

    Results results = (Results) ResultsFile.read(out.resolve(ResultsFile.NAME));
    assertThat(Objects.requireNonNull(results.cluster()).gateway()).isEqualTo("http://" + RELEASE + "-gateway");
    assertThat(results.command()).contains("--from-inside").doesNotContain("--url");
    assertThat(results.runs()).singleElement().satisfies(run -> {
      assertThat(run.guaranteeKept()).isTrue();
      assertThat(HistoryReader.read(out.resolve(run.history())).operations()).isNotEmpty();
    });
    assertThat(out.resolve(HtmlReport.NAME)).isNotEmptyFile();
    Awaitility.await().atMost(GONE_WITHIN)
        .untilAsserted(() -> assertThat(left()).noneMatch(name -> name.contains("-lab-")));
  }

  @Test
  @Order(6)
  void anUpgradeWithTheSameValuesChangesNothing() {
    Awaitility.await().atMost(GONE_WITHIN).until(() -> pods().stream().allMatch(Readiness.getInstance()::isReady));
    Map<String, String> before = uids();
    Map<String, Map<String, String>> secrets = secrets();
    new Helm(HOME.resolve("helm/statecraft")).upgrade().withName(RELEASE).withNamespace(namespace)
        .withKubeConfig(kubeconfig()).reuseValues().waitReady().withTimeout(INSTALL_SECONDS).call();

    assertThat(uids()).isEqualTo(before);
    assertThat(secrets()).isEqualTo(secrets);
  }

  @Test
  @Order(7)
  void uninstallingLeavesNothingButDisks() {
    Helm.uninstall(RELEASE).withNamespace(namespace).withKubeConfig(kubeconfig()).call();

    Awaitility.await().atMost(GONE_WITHIN).untilAsserted(() -> assertThat(left()).isEmpty());
    assertThat(client.persistentVolumeClaims().inNamespace(namespace).list().getItems())
        .as("one for Redis and one for each member of the Raft group").hasSize(1 + 3);
  }

  @Test
  @Order(8)
  void anInstallationOfTheSameNameFindsTheDisksOfTheLastOne() throws Exception {
    new Helm(HOME.resolve("helm/statecraft")).install().withName(RELEASE).withNamespace(namespace)
        .withKubeConfig(kubeconfig()).withValuesFile(VALUES).set("gateway.replicas", 1).set("stateless.enabled", false)
        .set("reactive.enabled", false).set("strategies.affinity.enabled", false).waitReady()
        .withTimeout(INSTALL_SECONDS).call();
    try (Release release = Release.find(new Wanted(null, namespace, RELEASE, null, false))) {
      for (SessionStrategy strategy : List.of(SessionStrategy.REDIS, SessionStrategy.REPLICATED)) {
        for (ReleasePod pod : release.objects().pods(release.shape().workload(strategy))) {
          assertThat(release.objects().sessionStore(pod.name()).map(SessionStoreState::sessions))
              .as("sessions of before at %s", pod.name()).hasValueSatisfying(count -> assertThat(count).isPositive());
        }
      }
    }
  }

  @Test
  @Order(9)
  void theRaftGroupGrowsAndShrinksByItsNumberOfReplicasAndNoMemberIsReplaced() {
    String first = RELEASE + "-stateful-replicated-0";
    List<Pod> founders = pods("stateful-replicated");
    assertThat(founders).hasSize(3);
    scaleTheGroup(5);
    assertThat(members(first)).hasSize(5)
        .containsExactlyElementsOf(pods("stateful-replicated").stream().map(InstallationIT::name).sorted().toList());

    scaleTheGroup(3);
    Awaitility.await().atMost(GONE_WITHIN).until(() -> pods("stateful-replicated").size() == 3);
    assertThat(members(first)).as("whoever was scaled away has left before it ended").hasSize(3);
    assertThat(pods("stateful-replicated")).extracting(InstallationIT::uid)
        .containsExactlyInAnyOrderElementsOf(founders.stream().map(InstallationIT::uid).toList());
  }

  private void scaleTheGroup(int replicas) {
    new Helm(HOME.resolve("helm/statecraft")).upgrade().withName(RELEASE).withNamespace(namespace)
        .withKubeConfig(kubeconfig()).reuseValues().set("strategies.replicated.replicas", replicas).waitReady()
        .withTimeout(INSTALL_SECONDS).call();
  }

  /** Who decides in the Raft group, as one of its pods knows. */
  private List<String> members(String pod) {
    String state = client.raw(
        "/api/v1/namespaces/" + namespace + "/pods/" + pod + ":8080/proxy/actuator/sessionstore");
    return JsonMapper.shared().readTree(state).path("members").valueStream().map(JsonNode::stringValue).toList();
  }

  /** GETs without a good answer, but for what a strategy documents that may lose a session. */
  private static List<Operation> failedReads(Path history, boolean losesSessions) throws IOException {
    return HistoryReader.read(history).operations().stream()
        .filter(operation -> operation.call() == Call.READ || operation.call() == Call.SHOW)
        .filter(operation -> operation.outcome() instanceof Outcome.Failed failed
            && !(losesSessions && saysThatItIsLost(operation, failed.status())))
        .toList();
  }

  /** 401, or 503 of the node itself for as long as a peer that may have the session does not answer. */
  private static boolean saysThatItIsLost(Operation operation, int status) {
    return status == 401 || (status == 503 && operation.servedBy() != null);
  }

  /** The Service's port on a machine of the cluster. */
  private URI gateway() {
    String machine = pods("gateway").getFirst().getStatus().getHostIP();
    return URI.create(
        "http://" + machine + ":" + client.services().inNamespace(namespace).withName(RELEASE + "-gateway").get()
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

  /** Those of the chart; Helm keeps its own record in another, and Kubernetes may keep tokens. */
  private Map<String, Map<String, String>> secrets() {
    return client.secrets().inNamespace(namespace).withLabel("app.kubernetes.io/part-of", "statecraft").list()
        .getItems()
        .stream().collect(Collectors.toMap(secret -> secret.getMetadata().getName(), Secret::getData));
  }

  /** The names of all that is there and would not be in an empty namespace, disks aside. */
  private List<String> left() {
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

  /** Runs the launcher as a user would; its words are in a file, and in the failure where it fails. */
  private static void statecraft(Stream<String> arguments) throws IOException, InterruptedException {
    List<String> command = Stream.concat(Stream.of(HOME.resolve("statecraft").toString()), arguments).toList();
    Path log = Files.createTempFile(Files.createDirectories(Path.of("target")), "statecraft-", ".log");
    Process process = new ProcessBuilder(command).directory(HOME.toFile()).redirectErrorStream(true)
        .redirectOutput(log.toFile()).start();
    boolean ended = process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS);
    if (!ended) {
      process.destroy();
    }
    String words = Files.readString(log);
    System.out.print(words);
    assertThat(ended).as("%s within %s: %s", command, LONGEST, words).isTrue();
    assertThat(process.exitValue()).as("%s: %s", command, words).isZero();
  }

  private Path kubeconfig() {
    return Objects.requireNonNull(config.getFile(), "no kubeconfig").toPath();
  }

  private static String setting(String name, String otherwise) {
    return System.getProperty("statecraft.kubernetes." + name, otherwise);
  }
}
