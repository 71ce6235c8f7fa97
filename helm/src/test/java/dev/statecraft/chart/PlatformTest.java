package dev.statecraft.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Checks what other clusters and tools demand of the objects, and the extension points. */
class PlatformTest {
  private static final String PROXIES = "/statecraft/gateway/client/trusted-proxies";

  @ParameterizedTest
  @CsvSource({"ingress: {enabled: true}", "'httpRoute: {enabled: true, parentRefs: [{name: edge}]}'"})
  void publicAccessDemandsTrustedProxies(String access) {
    assertThat(Rendering.ofDefaults().values("gateway: {" + access + "}").error()).contains("gateway.trustedProxies",
        "Secure");
    Rendered rendered = Rendering.ofDefaults()
        .values("gateway: {trustedProxies: [10.0.0.0/8, \"fd00::/8\"], " + access + "}").objects();
    assertThat(rendered.configuration("statecraft-gateway").at(PROXIES).valueStream().map(JsonNode::stringValue))
        .containsExactly("10.0.0.0/8", "fd00::/8");
  }

  @Test
  void trustedProxiesInConfigSuffice() {
    Rendered rendered = Rendering.ofDefaults().values("""
        gateway:
          ingress: {enabled: true}
          config: {statecraft: {gateway: {client: {trusted-proxies: 10.0.0.0/8}}}}
        """).objects();
    assertThat(rendered.configuration("statecraft-gateway").at(PROXIES).stringValue()).isEqualTo("10.0.0.0/8");
  }

  @Test
  void openShiftAssignsUserAndGroup() {
    assertThat(Rendering.of("openshift").objects().pods()).hasSizeGreaterThan(6).allSatisfy(
        pods -> assertThat(pods.spec().path("securityContext").propertyNames())
            .containsExactlyInAnyOrder("runAsNonRoot", "seccompProfile"));
  }

  @Test
  void securityContextsCanBeOverridden() {
    assertThat(Rendering.of("extended").objects().pods()).isNotEmpty().allSatisfy(pods -> {
      JsonNode context = pods.spec().path("securityContext");
      assertThat(List.of(context.path("runAsUser").asInt(), context.path("fsGroup").asInt())).containsOnly(1000);
    });
    Rendered rendered = Rendering.ofDefaults().set("redis.podSecurityContext.runAsUser", 999).objects();
    assertThat(rendered.pods("statecraft-redis").spec().at("/securityContext/runAsUser").asInt()).isEqualTo(999);
  }

  @Test
  void topologyConstraintWithoutSelectorCountsItsOwnPods() {
    JsonNode constraint = Rendering.of("extended").objects().pods("statecraft-stateless").spec()
        .at("/topologySpreadConstraints/0");
    assertThat(constraint.path("topologyKey").stringValue()).isEqualTo("rack");
    assertThat(constraint.at("/labelSelector/matchLabels/app.kubernetes.io~1component").stringValue())
        .isEqualTo("stateless");
  }

  @Test
  void raftGroupCanBeSpreadOverZones() {
    JsonNode constraints = Rendering.of("extended").objects().pods("statecraft-stateful-replicated").spec()
        .path("topologySpreadConstraints");
    assertThat(constraints.valueStream().map(constraint -> constraint.path("topologyKey").stringValue() + " "
        + constraint.path("whenUnsatisfiable").stringValue())).containsExactly("kubernetes.io/hostname DoNotSchedule",
            "topology.kubernetes.io/zone DoNotSchedule");
  }

  /** The strict parser of {@link Rendered} rejects duplicate keys. */
  @Test
  void labelsOfValuesDoNotReplaceThoseOfSelectors() {
    Rendered rendered = Rendering.of("extended").objects();
    assertThat(rendered.pods("statecraft-redis").labels()).containsEntry("app.kubernetes.io/component", "redis")
        .containsEntry("app.kubernetes.io/part-of", "statecraft");
    assertThat(rendered.pods("statecraft-gateway").metadata().at("/annotations/checksum~1config").stringValue())
        .isNotEqualTo("replaced");
  }

  @Test
  void variablesOfValuesReplaceThoseOfTheChart() {
    assertThat(Rendering.of("extended").objects().pods("statecraft-gateway").container().path("env").valueStream()
        .filter(variable -> variable.path("name").stringValue().equals("JDK_JAVA_OPTIONS")))
        .singleElement().extracting(variable -> variable.path("value").stringValue()).isEqualTo("-Xmx200m");
  }

  @Test
  void sharedServiceAccountIsCreatedOnce() {
    Rendered rendered = Rendering.of("discovery").set("serviceAccount.name", "statecraft-gateway").objects();
    assertThat(rendered.ofKind("ServiceAccount").map(Rendered::nameOf)).containsExactly("statecraft-gateway");
  }

  @Test
  void noServiceAccountIsCreatedIfForbidden() {
    Rendering rendering = Rendering.of("discovery").set("serviceAccount.create", false);
    assertThat(rendering.error()).contains("gateway.serviceAccount.name");
    Rendered rendered = rendering.set("gateway.serviceAccount.name", "watcher").objects();
    assertThat(rendered.ofKind("ServiceAccount")).isEmpty();
    assertThat(rendered.object("RoleBinding", "statecraft-gateway").at("/subjects/0/name").stringValue())
        .isEqualTo("watcher");
    assertThat(rendered.pods("statecraft-gateway").spec().path("serviceAccountName").stringValue())
        .isEqualTo("watcher");
  }

  @ParameterizedTest
  @CsvSource({"1.26.0, ''", "1.27.0, Retain"})
  void claimsHaveARetentionPolicy(String kubernetes, String whenDeleted) {
    Rendered rendered = Rendering.of("all-strategies").kubernetes(kubernetes).objects();
    for (String set : List.of("statecraft-redis", "statecraft-stateful-replicated")) {
      assertThat(rendered.object("StatefulSet", set)
          .at("/spec/persistentVolumeClaimRetentionPolicy/whenDeleted").asString("")).isEqualTo(whenDeleted);
    }
  }

  @Test
  void emptyDirsHaveASizeLimit() {
    Rendered rendered = Rendering.of("no-disk").objects();
    assertThat(rendered.pods().stream().flatMap(pods -> pods.spec().findValues("emptyDir").stream())).isNotEmpty()
        .allMatch(directory -> !directory.path("sizeLimit").asString("").isEmpty());
    assertThat(volume(rendered, "statecraft-redis", "data").at("/emptyDir/sizeLimit").stringValue()).isEqualTo("1Gi");
  }

  @Test
  void ipFamilyAppliesToEveryService() {
    assertThat(Rendering.of("ipv6").objects().ofKind("Service")).isNotEmpty()
        .allMatch(service -> service.at("/spec/ipFamilyPolicy").stringValue("").equals("SingleStack"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"statecraft-gateway", "statecraft-stateful-cookie", "statecraft-redis"})
  void podsCanBeExtended(String owner) {
    Rendered.PodTemplate pods = Rendering.of("extended").objects().pods(owner);
    assertThat(pods.containers().map(container -> container.path("name").stringValue())).contains("init", "sidecar");
    assertThat(pods.spec().path("volumes").toString()).contains("certificates");
    assertThat(pods.container().path("volumeMounts").toString()).contains("/certificates");
  }

  @Test
  void imagesCanBePinnedByDigest() {
    Rendered rendered = Rendering.of("extended").objects();
    assertThat(List.of("statecraft-gateway", "statecraft-redis")).allMatch(
        owner -> rendered.pods(owner).spec().path("containers").path(0).path("image").stringValue()
            .matches("mirror\\.example\\.com/.*:.*@sha256:[0-9a-f]{64}"));
  }

  @Test
  void schedulingAppliesToTheTestPodToo() {
    JsonNode test = Rendering.of("extended").objects().pods("statecraft-test").spec();
    assertThat(Rendered.texts(test.path("nodeSelector"))).isEqualTo(Map.of("disk", "hdd"));
    assertThat(test.at("/tolerations/0/key").stringValue()).isEqualTo("dedicated");
    assertThat(test.path("priorityClassName").stringValue()).isEqualTo("business");
  }

  @Test
  void namespaceAndManifestsCanBeGiven() {
    Rendered rendered = Rendering.of("extended").objects();
    assertThat(Stream.of("Service", "Role", "ServiceMonitor", "Secret").flatMap(rendered::ofKind)).isNotEmpty()
        .allMatch(object -> object.at("/metadata/namespace").stringValue("").equals("other"));
    assertThat(rendered.object("RoleBinding", "statecraft-gateway").at("/subjects/0/namespace").stringValue())
        .isEqualTo("other");
    assertThat(rendered.ofKind("ConfigMap").map(Rendered::nameOf)).contains("statecraft-extra", "more");
  }

  @ParameterizedTest
  @CsvSource({"1.30.0, ''", "1.31.0, PreferClose"})
  void trafficDistributionIsRenderedWhereKnown(String kubernetes, String distribution) {
    Rendered rendered = Rendering.of("extended").kubernetes(kubernetes).objects();
    assertThat(List.of("statecraft-gateway", "statecraft-stateless")).allMatch(
        name -> rendered.object("Service", name).at("/spec/trafficDistribution").asString("").equals(distribution));
  }

  private static JsonNode volume(Rendered rendered, String owner, String name) {
    return rendered.pods(owner).spec().path("volumes").valueStream()
        .filter(volume -> volume.path("name").stringValue().equals(name)).findFirst().orElseThrow();
  }
}
