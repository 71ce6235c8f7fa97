package dev.statecraft.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.chart.schema.KubernetesVersion;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Checks every scenario on every Kubernetes version: what the API server would reject, and rules of the chart. */
class GateIT {
  private static final Pattern DNS_LABEL = Pattern.compile("[a-z]([-a-z0-9]*[a-z0-9])?");
  private static final Pattern LABEL_VALUE = Pattern.compile("([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?");
  private static final int MAX_LABEL_LENGTH = 63;
  /** Kubernetes labels a pod with the StatefulSet's name, a hyphen and a hash of ten characters. */
  private static final int MAX_STATEFUL_SET_LENGTH = MAX_LABEL_LENGTH - 11;
  private static final List<String> WORKLOADS = List.of("Deployment", "StatefulSet");

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("dev.statecraft.chart.Scenario#onAllVersions")
  void apiServerKnowsEveryField(Scenario scenario, KubernetesVersion version) {
    assertThat(scenario.on(version).objects().stream().flatMap(object -> version.violations(object).stream()))
        .isEmpty();
  }

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("dev.statecraft.chart.Scenario#onAllVersions")
  void namesAndLabelsAreLegal(Scenario scenario, KubernetesVersion version) {
    Rendered rendered = scenario.on(version);
    assertThat(rendered.objects()).isNotEmpty().allSatisfy(object -> {
      String name = Rendered.nameOf(object);
      String kind = object.path("kind").stringValue("");
      if (!name.equals("more")) {
        assertThat(name).as(kind).matches(DNS_LABEL).hasSizeLessThanOrEqualTo(
            kind.equals("StatefulSet") ? MAX_STATEFUL_SET_LENGTH : MAX_LABEL_LENGTH);
      }
      assertLabels(name, object.path("metadata").path("labels"));
      assertAnnotations(object.path("metadata"));
    });
    assertThat(rendered.pods()).allSatisfy(pods -> {
      assertLabels(pods.owner(), pods.metadata().path("labels"));
      assertAnnotations(pods.metadata());
      pods.spec().path("volumes").forEach(
          volume -> assertThat(volume.path("name").stringValue()).matches(DNS_LABEL).hasSizeLessThanOrEqualTo(
              MAX_LABEL_LENGTH));
    });
    assertThat(rendered.objects().stream()
        .map(object -> object.path("kind") + "/" + object.path("metadata").path("namespace") + "/"
            + Rendered.nameOf(object)))
        .as("one object of each kind and name").doesNotHaveDuplicates();
  }

  private static void assertLabels(String of, JsonNode labels) {
    labels.properties().forEach(label -> {
      assertThat(label.getValue().isString()).as("%s: label %s is text", of, label).isTrue();
      assertThat(label.getValue().stringValue()).as("%s: label %s", of, label.getKey()).matches(LABEL_VALUE)
          .hasSizeLessThanOrEqualTo(MAX_LABEL_LENGTH);
    });
  }

  private static void assertAnnotations(JsonNode metadata) {
    assertThat(metadata.path("annotations").valueStream()).allMatch(JsonNode::isString);
  }

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("dev.statecraft.chart.Scenario#onAllVersions")
  void everyPodMeetsTheRestrictedProfile(Scenario scenario, KubernetesVersion version) {
    Rendered rendered = scenario.on(version);
    assertThat(rendered.pods()).isNotEmpty().allSatisfy(pods -> {
      assertThat(RestrictedProfile.violations(pods.spec())).isEmpty();
      assertThat(pods.spec().path("automountServiceAccountToken").asBoolean(true))
          .isEqualTo(mayCallKubernetes(rendered, pods));
      assertThat(pods.containers()).allSatisfy(
          container -> assertThat(container.path("securityContext").path("readOnlyRootFilesystem").asBoolean(false))
              .isTrue());
    });
  }

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("dev.statecraft.chart.Scenario#onAllVersions")
  void everySelectorSelectsItsOwnTier(Scenario scenario, KubernetesVersion version) {
    Rendered rendered = scenario.on(version);
    assertThat(rendered.ofKind("Service")).isNotEmpty().allSatisfy(service -> {
      List<Rendered.PodTemplate> templates = selected(rendered, service.path("spec").path("selector"));
      assertThat(templates).isNotEmpty();
      Set<String> ports = new HashSet<>();
      templates.forEach(template -> template.containers().flatMap(container -> container.path("ports").valueStream())
          .forEach(port -> ports.add(port.path("name").stringValue())));
      assertThat(service.path("spec").path("ports")).allSatisfy(
          port -> assertThat(ports).contains(port.path("targetPort").stringValue()));
      assertSameComponent(service, templates);
    });
    Stream.of("Deployment", "StatefulSet", "PodDisruptionBudget", "NetworkPolicy").flatMap(rendered::ofKind)
        .forEach(object -> {
          JsonNode selector = object.at("/spec/selector/matchLabels").isMissingNode()
              ? object.at("/spec/podSelector/matchLabels")
              : object.at("/spec/selector/matchLabels");
          List<Rendered.PodTemplate> templates = selected(rendered, selector);
          assertThat(templates).extracting(Rendered.PodTemplate::owner).contains(Rendered.nameOf(object));
          assertSameComponent(object, templates);
        });
    rendered.pods().forEach(
        pods -> pods.spec().path("topologySpreadConstraints").forEach(
            constraint -> assertThat(pods.isSelectedBy(constraint.at("/labelSelector/matchLabels")))
                .as("%s: %s counts its own pods", pods, constraint).isTrue()));
  }

  private static void assertSameComponent(JsonNode object, List<Rendered.PodTemplate> templates) {
    String component = "app.kubernetes.io/component";
    assertThat(templates).allSatisfy(
        template -> assertThat(template.labels())
            .containsEntry(component, object.at("/metadata/labels").path(component).stringValue()));
  }

  /** Server-side apply, which Helm 4 uses, needs the protocol on old clusters. */
  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("dev.statecraft.chart.Scenario#onAllVersions")
  void everyPortNamesItsProtocol(Scenario scenario, KubernetesVersion version) {
    Rendered rendered = scenario.on(version);
    Stream<JsonNode> ports = Stream.concat(
        rendered.ofKind("Service").flatMap(service -> service.path("spec").path("ports").valueStream()),
        rendered.pods().stream().flatMap(Rendered.PodTemplate::containers)
            .flatMap(container -> container.path("ports").valueStream()));
    assertThat(ports).isNotEmpty().allSatisfy(port -> assertThat(port.path("protocol").stringValue()).isEqualTo("TCP"));
  }

  /** Server-side apply also rejects lists with two entries of one name. */
  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("dev.statecraft.chart.Scenario#onAllVersions")
  void everyNameInAListIsUnique(Scenario scenario, KubernetesVersion version) {
    assertThat(scenario.on(version).pods()).allSatisfy(pods -> {
      assertThat(names(pods.spec().path("volumes"))).doesNotHaveDuplicates();
      assertThat(pods.containers().map(container -> container.path("name").stringValue())).doesNotHaveDuplicates();
      assertThat(names(pods.spec().path("imagePullSecrets"))).doesNotHaveDuplicates();
      assertThat(pods.containers()).allSatisfy(container -> {
        assertThat(names(container.path("env"))).doesNotHaveDuplicates();
        assertThat(container.path("env")).allMatch(
            variable -> variable.has("valueFrom") || variable.path("value").isString());
        assertThat(container.path("volumeMounts").valueStream().map(mount -> mount.path("mountPath").stringValue()))
            .doesNotHaveDuplicates();
      });
    });
  }

  private static Stream<String> names(JsonNode list) {
    return list.valueStream().map(entry -> entry.path("name").stringValue());
  }

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("dev.statecraft.chart.Scenario#onAllVersions")
  void everyMountedVolumeExists(Scenario scenario, KubernetesVersion version) {
    Rendered rendered = scenario.on(version);
    assertThat(rendered.pods()).allSatisfy(pods -> {
      Set<String> volumes = new HashSet<>();
      pods.spec().path("volumes").forEach(volume -> volumes.add(volume.path("name").stringValue()));
      rendered.ofKind("StatefulSet").filter(set -> Rendered.nameOf(set).equals(pods.owner()))
          .flatMap(set -> set.path("spec").path("volumeClaimTemplates").valueStream())
          .forEach(claim -> volumes.add(Rendered.nameOf(claim)));
      pods.containers().flatMap(container -> container.path("volumeMounts").valueStream())
          .forEach(mount -> assertThat(volumes).contains(mount.path("name").stringValue()));
      assertThat(pods.spec().findParents("emptyDir"))
          .allSatisfy(volume -> assertThat(volume.at("/emptyDir/sizeLimit").stringValue("")).isNotEmpty());
      pods.spec().path("volumes").valueStream().filter(volume -> volume.has("configMap"))
          .map(volume -> volume.at("/configMap/name").stringValue()).filter(name -> !name.equals("certificates"))
          .forEach(name -> rendered.object("ConfigMap", name));
      Stream.concat(pods.spec().findValuesAsString("secretName").stream(),
          pods.spec().findValues("secret").stream().map(secret -> secret.path("name").stringValue(""))
              .filter(name -> !name.isEmpty()))
          .filter(name -> !name.startsWith("our-")).forEach(name -> rendered.object("Secret", name));
    });
  }

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("dev.statecraft.chart.Scenario#onAllVersions")
  void everyDisruptionBudgetLetsOnePodGo(Scenario scenario, KubernetesVersion version) {
    assertThat(scenario.on(version).ofKind("PodDisruptionBudget")).allSatisfy(budget -> {
      assertThat(budget.path("spec").has("minAvailable")).isFalse();
      assertThat(budget.at("/spec/maxUnavailable").asString().replace("%", "")).isNotEqualTo("0");
    });
  }

  /** Every target of the ServiceMonitor has a port that its pods open and that its policy allows. */
  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("dev.statecraft.chart.Scenario#onAllVersions")
  void prometheusReachesEveryTargetOnce(Scenario scenario, KubernetesVersion version) {
    Rendered rendered = scenario.on(version);
    rendered.ofKind("ServiceMonitor").forEach(monitor -> {
      String port = monitor.at("/spec/endpoints/0/port").stringValue();
      List<String> scraped = new ArrayList<>();
      rendered.ofKind("Service").filter(
          service -> Rendered.texts(service.at("/metadata/labels")).entrySet()
              .containsAll(Rendered.texts(monitor.at("/spec/selector/matchLabels")).entrySet()))
          .forEach(service -> {
            assertThat(names(service.at("/spec/ports"))).contains(port);
            Rendered.PodTemplate pods = selected(rendered, service.at("/spec/selector")).getFirst();
            scraped.add(pods.owner());
            rendered.ofKind("NetworkPolicy")
                .filter(policy -> pods.isSelectedBy(policy.at("/spec/podSelector/matchLabels")))
                .forEach(policy -> assertThat(policy.at("/spec/ingress"))
                    .as("%s admits Prometheus", Rendered.nameOf(policy))
                    .anyMatch(rule -> rule.at("/ports/0/port").asString().equals(port)));
          });
      assertThat(scraped).containsExactlyInAnyOrderElementsOf(
          services(rendered).map(Rendered.PodTemplate::owner).toList());
    });
  }

  /** What clients reach, they reach by the Service of the gateway; metrics and health are not there. */
  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("dev.statecraft.chart.Scenario#onAllVersions")
  void managementPortIsNotPublic(Scenario scenario, KubernetesVersion version) {
    Rendered rendered = scenario.on(version);
    assertThat(services(rendered)).isNotEmpty().allSatisfy(pods -> {
      int port = rendered.configuration(pods.owner()).at("/management/server/port").asInt();
      assertThat(pods.container().path("ports").valueStream()
          .filter(open -> open.path("name").stringValue().equals("management")))
          .singleElement().extracting(open -> open.path("containerPort").asInt()).isEqualTo(port);
      for (String probe : List.of("readinessProbe", "livenessProbe")) {
        assertThat(pods.container().path(probe).at("/httpGet/port").stringValue()).isEqualTo("management");
      }
      assertThat(pods.container().at("/startupProbe/tcpSocket/port").stringValue()).isEqualTo("http");
    });
    rendered.ofKind("Service").filter(service -> names(service.at("/spec/ports")).toList().contains("management"))
        .forEach(service -> assertThat(service.at("/spec/clusterIP").asString("")).isEqualTo("None"));
    Stream.of("Ingress", "HTTPRoute").flatMap(rendered::ofKind)
        .forEach(route -> assertThat(route.toString()).doesNotContain("management", "8081"));
  }

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("dev.statecraft.chart.Scenario#onAllVersions")
  void gracePeriodCoversTheDrain(Scenario scenario, KubernetesVersion version) {
    Rendered rendered = scenario.on(version);
    assertThat(services(rendered)).allSatisfy(pods -> {
      JsonNode configuration = rendered.configuration(pods.owner());
      JsonNode preStop = pods.container().path("lifecycle").path("preStop");
      int before = preStop.path("sleep").path("seconds")
          .asInt(preStop.path("exec").path("command").path(1).asInt(0));
      int after = seconds(configuration.at("/statecraft/drain"))
          + seconds(configuration.at("/statecraft/session/affinity/handover/deadline"))
          + seconds(configuration.at("/spring/lifecycle/timeout-per-shutdown-phase"));
      assertThat(pods.spec().path("terminationGracePeriodSeconds").asInt()).isGreaterThan(before + after);
    });
  }

  /** Argo CD compares lists as a whole, so entries must have the fields that the API server adds. */
  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("dev.statecraft.chart.Scenario#onAllVersions")
  void comparedListsHaveDefaultedFields(Scenario scenario, KubernetesVersion version) {
    Rendered rendered = scenario.on(version);
    rendered.ofKind("StatefulSet").flatMap(set -> set.at("/spec/volumeClaimTemplates").valueStream())
        .forEach(claim -> {
          assertThat(Map.of("apiVersion", claim.path("apiVersion").asString(), "kind", claim.path("kind").asString(),
              "volumeMode", claim.at("/spec/volumeMode").asString()))
              .isEqualTo(Map.of("apiVersion", "v1", "kind", "PersistentVolumeClaim", "volumeMode", "Filesystem"));
        });
    rendered.ofKind("HTTPRoute").forEach(route -> {
      assertThat(route.at("/spec/parentRefs")).allMatch(parent -> parent.has("group") && parent.has("kind"));
      assertThat(route.at("/spec/rules/0/backendRefs"))
          .allMatch(backend -> backend.has("group") && backend.has("kind") && backend.path("weight").asInt() == 1);
    });
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("dev.statecraft.chart.Scenario#stream")
  void renderingTwiceGivesTheSameBytes(Scenario scenario) {
    Rendering rendering = scenario.rendering().installed();
    assertThat(rendering.text()).isEqualTo(rendering.text());
  }

  private static int seconds(JsonNode duration) {
    return Integer.parseInt(duration.stringValue("0s").replace("s", ""));
  }

  private static Stream<Rendered.PodTemplate> services(Rendered rendered) {
    return rendered.pods().stream()
        .filter(pods -> WORKLOADS.contains(pods.kind()) && pods.container().path("name").stringValue("").matches(
            "gateway|.*-service"));
  }

  private static boolean mayCallKubernetes(Rendered rendered, Rendered.PodTemplate pods) {
    return rendered.ofKind("RoleBinding").anyMatch(
        binding -> binding.at("/subjects/0/name").equals(pods.spec().path("serviceAccountName")));
  }

  private static List<Rendered.PodTemplate> selected(Rendered rendered, JsonNode selector) {
    return rendered.pods().stream().filter(pods -> pods.isSelectedBy(selector)).toList();
  }
}
