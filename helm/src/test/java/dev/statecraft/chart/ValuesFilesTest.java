package dev.statecraft.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Checks every values file in {@code ci/} on the oldest supported and on a current Kubernetes version. */
class ValuesFilesTest {
  private static final int MAX_POD_NAME_LENGTH = 63;
  private static final int MAX_SUFFIX_LENGTH = "-12345".length();

  static Stream<Arguments> installations() {
    return Chart.valuesFiles().stream().flatMap(
        values -> Chart.KUBERNETES_VERSIONS.stream().map(kubernetes -> Arguments.of(values, kubernetes)));
  }

  @Test
  void lintFindsNothing() {
    LintResult result = new Helm(Chart.DIRECTORY).lint().strict().call();
    assertThat(result.isFailed()).as(result.getMessages().toString()).isFalse();
    assertThat(result.getMessages()).noneMatch(message -> message.contains("WARNING") || message.contains("ERROR"));
  }

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("installations")
  void everyPodMeetsTheRestrictedProfile(Path values, String kubernetes) {
    Rendered rendered = Chart.render(values, kubernetes);
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
  @MethodSource("installations")
  void everySelectorSelectsItsOwnTier(Path values, String kubernetes) {
    Rendered rendered = Chart.render(values, kubernetes);
    assertThat(rendered.ofKind("Service")).isNotEmpty().allSatisfy(service -> {
      List<Rendered.PodTemplate> templates = selected(rendered, service.path("spec").path("selector"));
      assertThat(templates).hasSize(1);
      Set<String> ports = new HashSet<>();
      templates.getFirst().containers().flatMap(container -> container.path("ports").valueStream())
          .forEach(port -> ports.add(port.path("name").stringValue()));
      assertThat(service.path("spec").path("ports")).allSatisfy(
          port -> assertThat(ports).contains(port.path("targetPort").stringValue()));
    });
    Stream.of("Deployment", "StatefulSet").flatMap(rendered::ofKind).forEach(
        workload -> assertThat(selected(rendered, workload.path("spec").path("selector").path("matchLabels")))
            .extracting(Rendered.PodTemplate::owner).containsExactly(Rendered.nameOf(workload)));
    rendered.ofKind("PodDisruptionBudget").forEach(
        budget -> assertThat(selected(rendered, budget.path("spec").path("selector").path("matchLabels")))
            .extracting(Rendered.PodTemplate::owner).containsExactly(Rendered.nameOf(budget)));
    rendered.ofKind("NetworkPolicy").forEach(
        policy -> assertThat(selected(rendered, policy.path("spec").path("podSelector").path("matchLabels")))
            .extracting(Rendered.PodTemplate::owner).containsExactly(Rendered.nameOf(policy)));
  }

  /** Server-side apply, which Helm 4 uses, needs the protocol on old clusters. */
  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("installations")
  void everyPortNamesItsProtocol(Path values, String kubernetes) {
    Rendered rendered = Chart.render(values, kubernetes);
    Stream<JsonNode> ports = Stream.concat(
        rendered.ofKind("Service").flatMap(service -> service.path("spec").path("ports").valueStream()),
        rendered.pods().stream().flatMap(Rendered.PodTemplate::containers)
            .flatMap(container -> container.path("ports").valueStream()));
    assertThat(ports).isNotEmpty().allSatisfy(port -> assertThat(port.path("protocol").stringValue()).isEqualTo("TCP"));
  }

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("installations")
  void everyMountedVolumeExists(Path values, String kubernetes) {
    Rendered rendered = Chart.render(values, kubernetes);
    assertThat(rendered.pods()).allSatisfy(pods -> {
      Set<String> volumes = new HashSet<>();
      pods.spec().path("volumes").forEach(volume -> volumes.add(volume.path("name").stringValue()));
      rendered.ofKind("StatefulSet").filter(set -> Rendered.nameOf(set).equals(pods.owner()))
          .flatMap(set -> set.path("spec").path("volumeClaimTemplates").valueStream())
          .forEach(claim -> volumes.add(Rendered.nameOf(claim)));
      pods.containers().flatMap(container -> container.path("volumeMounts").valueStream())
          .forEach(mount -> assertThat(volumes).contains(mount.path("name").stringValue()));
      pods.spec().path("volumes").valueStream().filter(volume -> volume.has("configMap")).forEach(
          volume -> rendered.object("ConfigMap", volume.path("configMap").path("name").stringValue()));
      pods.spec().path("volumes").valueStream().filter(volume -> volume.has("secret"))
          .map(volume -> volume.path("secret").path("secretName").stringValue())
          .filter(name -> !name.startsWith("our-")).forEach(name -> rendered.object("Secret", name));
    });
  }

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("installations")
  void everyServiceHasThreeProbes(Path values, String kubernetes) {
    assertThat(services(Chart.render(values, kubernetes))).isNotEmpty().allSatisfy(pods -> {
      JsonNode container = pods.container();
      assertThat(container.path("startupProbe").path("tcpSocket").path("port").stringValue()).isEqualTo("http");
      assertThat(container.path("readinessProbe").path("httpGet").path("path").stringValue())
          .isEqualTo("/actuator/health/readiness");
      assertThat(container.path("livenessProbe").path("httpGet").path("path").stringValue())
          .isEqualTo("/actuator/health/liveness");
    });
  }

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("installations")
  void gracePeriodCoversTheDrain(Path values, String kubernetes) {
    Rendered rendered = Chart.render(values, kubernetes);
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

  @Test
  void namesLeaveRoomForPodSuffix() {
    String longest = "a-name-as-long-as-the-schema-permits";
    Rendered rendered = Chart
        .render(Chart.valuesFile("all-strategies"), Chart.KUBERNETES_VERSIONS.getFirst(),
            Map.of("fullnameOverride", longest));
    assertThat(rendered.objects()).extracting(Rendered::nameOf).contains(longest + "-stateful-replicated")
        .allSatisfy(name -> assertThat(name).hasSizeLessThanOrEqualTo(MAX_POD_NAME_LENGTH - MAX_SUFFIX_LENGTH));
  }

  private static int seconds(JsonNode duration) {
    return Integer.parseInt(duration.stringValue("0s").replace("s", ""));
  }

  static Stream<Rendered.PodTemplate> services(Rendered rendered) {
    return rendered.pods().stream().filter(pods -> pods.container().path("name").stringValue("").matches(
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
