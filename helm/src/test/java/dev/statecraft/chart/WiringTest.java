package dev.statecraft.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Checks that names, addresses, ports and secrets match between the tiers. */
class WiringTest {
  private static final Rendered RENDERED = Chart.render(Chart.valuesFile("all-strategies"),
      Chart.KUBERNETES_VERSIONS.getFirst(),
      Map.of("gateway.discovery", "static"));

  @ParameterizedTest
  @ValueSource(strings = {"affinity", "redis", "replicated", "cookie"})
  void staticDiscoveryListsPodsByStableName(String strategy) {
    String name = "statecraft-stateful-" + strategy;
    JsonNode route = RENDERED.configuration("statecraft-gateway").at("/statecraft/gateway/routes/" + strategy);
    assertThat(route.path("prefix").stringValue()).isEqualTo("/" + strategy);
    assertThat(Rendered.texts(route.path("nodes")).entrySet()).containsExactlyInAnyOrderElementsOf(
        pods(name).stream().map(pod -> Map.entry(pod, "http://" + pod + "." + name + ":8080")).toList());
    assertThat(RENDERED.object("StatefulSet", name).path("spec").path("serviceName").stringValue()).isEqualTo(name);
    JsonNode service = RENDERED.object("Service", name).path("spec");
    assertThat(service.path("clusterIP").stringValue()).isEqualTo("None");
    assertThat(service.path("publishNotReadyAddresses").asBoolean()).isTrue();
  }

  @Test
  void onlyAffinityRouteUsesSessionAffinity() {
    JsonNode routes = RENDERED.configuration("statecraft-gateway").at("/statecraft/gateway/routes");
    assertThat(routes.at("/affinity/affinity").stringValue()).isEqualTo("login-cookie");
    assertThat(Stream.of("redis", "replicated", "cookie").map(route -> routes.at("/" + route + "/affinity")))
        .allSatisfy(affinity -> assertThat(affinity.stringValue()).isEqualTo("none"));
  }

  @Test
  void staticDiscoveryUsesServicesOfStatelessTiers() {
    JsonNode routes = RENDERED.configuration("statecraft-gateway").at("/statecraft/gateway/routes");
    for (String tier : List.of("stateless", "reactive")) {
      String service = "statecraft-" + tier;
      assertThat(Rendered.texts(routes.at("/" + tier + "/nodes"))).containsValue("http://" + service + ":8080");
      assertThat(RENDERED.object("Service", service).at("/spec/ports/0/port").asInt()).isEqualTo(8080);
    }
  }

  @Test
  void dnsDiscoveryKeepsNamesOfAffinityNodes() {
    JsonNode routes = Chart.render(
        Chart.valuesFile("all-strategies"),
        "1.34.0",
        Map.of("gateway.discovery", "dns")).configuration("statecraft-gateway").at("/statecraft/gateway/routes");
    assertThat(routes.at("/stateless/dns/name").stringValue())
        .isEqualTo("statecraft-stateless-each.${POD_NAMESPACE}.svc.cluster.local");
    assertThat(routes.at("/cookie/dns/name").stringValue())
        .isEqualTo("statecraft-stateful-cookie.${POD_NAMESPACE}.svc.cluster.local");
    assertThat(routes.at("/affinity").has("dns")).as("affinity cookies refer to node names").isFalse();
    assertThat(routes.at("/affinity/nodes")).hasSize(3);
  }

  @Test
  void allTiersTraceToTheCollector() {
    String collector = "http://collector.observability:4318/v1/traces";
    Rendered traced = Chart.render(Chart.valuesFile("all-strategies"), "1.34.0",
        Map.of("tracing.endpoint", collector, "networkPolicy.enabled", "true"));
    for (String tier : List.of("gateway", "stateless", "reactive", "stateful-affinity", "stateful-cookie")) {
      JsonNode management = traced.configuration("statecraft-" + tier).path("management");
      assertThat(management.at("/opentelemetry/tracing/export/otlp/endpoint").stringValue()).isEqualTo(collector);
      assertThat(management.at("/tracing/sampling/probability").doubleValue()).isEqualTo(0.1);
      assertThat(traced.object("NetworkPolicy", "statecraft-" + tier).at("/spec/egress").valueStream()
          .flatMap(rule -> rule.path("ports").valueStream()))
          .anyMatch(port -> port.path("port").isInt() && port.path("port").intValue() == 4318);
    }
    assertThat(RENDERED.configuration("statecraft-gateway").path("management").has("tracing")).isFalse();
  }

  @Test
  void gatewayPrefersItsZone() {
    assertThat(zone("")).isEmpty();
    assertThat(zone("eu-1a")).hasValueSatisfying(
        zone -> assertThat(zone.path("value").stringValue()).isEqualTo("eu-1a"));
    assertThat(zone("auto")).hasValueSatisfying(
        zone -> assertThat(zone.at("/valueFrom/fieldRef/fieldPath").stringValue())
            .isEqualTo("metadata.labels['topology.kubernetes.io/zone']"));
  }

  private static Optional<JsonNode> zone(String zone) {
    return Chart.render(Chart.valuesFile("discovery"), "1.35.0", Map.of("gateway.zone", zone))
        .object("Deployment", "statecraft-gateway").at("/spec/template/spec/containers/0/env").valueStream()
        .filter(variable -> variable.path("name").stringValue().equals("STATECRAFT_GATEWAY_ZONE")).findFirst();
  }

  @Test
  void kubernetesDiscoveryMayWatchOnlyItsServices() {
    Rendered rendering = Chart.render(Chart.valuesFile("discovery"), "1.34.0");
    List<String> watched = rendering.configuration("statecraft-gateway").at("/statecraft/gateway/routes").valueStream()
        .map(route -> route.at("/kubernetes/service").stringValue()).toList();
    assertThat(watched).hasSize(5).allSatisfy(service -> rendering.object("Service", service));
    JsonNode rules = rendering.object("Role", "statecraft-gateway").path("rules");
    assertThat(rules.valueStream().map(rule -> rule.at("/resources/0").stringValue()))
        .containsExactly("endpointslices", "endpoints");
    assertThat(rules.at("/1/resourceNames").valueStream().map(JsonNode::stringValue))
        .containsExactlyInAnyOrderElementsOf(watched);
    assertThat(rules).allSatisfy(
        rule -> assertThat(rule.path("verbs").valueStream().map(JsonNode::stringValue))
            .containsExactly("get", "list", "watch"));
  }

  @Test
  void serviceUsesTheDeployedSentinels() {
    Rendered sentinel = Chart.render(Chart.valuesFile("sentinel"), "1.34.0");
    String name = "statecraft-redis-node";
    List<String> nodes = IntStream.range(0, 3).mapToObj(number -> name + "-" + number + "." + name).toList();
    assertThat(sentinel.configuration("statecraft-stateful-redis").at("/spring/data/redis/sentinel/nodes").valueStream()
        .map(JsonNode::stringValue))
        .containsExactlyElementsOf(nodes.stream().map(node -> node + ":26379").toList());
    assertThat(sentinel.pods(name).containers()).hasSize(2).allSatisfy(
        container -> assertThat(variable(container, "NODES")).isEqualTo(String.join(" ", nodes)));
    assertThat(variable(sentinel.pods(name).spec().path("containers").path(1), "QUORUM")).isEqualTo("2");
    assertThat(sentinel.object("Service", name).at("/spec/publishNotReadyAddresses").asBoolean()).isTrue();
  }

  @Test
  void foundersAreTheFirstPods() {
    String name = "statecraft-stateful-replicated";
    String members = RENDERED.configuration(name).at("/statecraft/session/replicated/members").stringValue();
    assertThat(members.split(",")).containsExactlyElementsOf(
        pods(name).stream().limit(3).map(pod -> pod + "=" + pod + "." + name + ":7800").toList());
    assertThat(RENDERED.pods(name).container().path("env").valueStream()
        .filter(variable -> variable.path("name").stringValue().equals("STATECRAFT_NODE")))
        .singleElement().extracting(node -> node.at("/valueFrom/fieldRef/fieldPath").stringValue())
        .isEqualTo("metadata.name");
  }

  @Test
  void scalingTheRaftGroupKeepsPodTemplate() {
    String name = "statecraft-stateful-replicated";
    Rendered three = Rendering.of("all-strategies").installed().set("strategies.replicated.replicas", 3)
        .set("strategies.replicated.podDisruptionBudget.maxUnavailable", 1).objects();
    Rendered five = Rendering.of("all-strategies").installed().set("strategies.replicated.replicas", 5).objects();
    assertThat(five.object("StatefulSet", name).at("/spec/replicas").asInt()).isEqualTo(5);
    assertThat(five.object("StatefulSet", name).at("/spec/template"))
        .as("scaling out replaces no pod")
        .isEqualTo(three.object("StatefulSet", name).at("/spec/template"));
    JsonNode settings = five.configuration(name).at("/statecraft/session/replicated");
    assertThat(settings.path("address").stringValue()).isEqualTo("${statecraft.node}." + name + ":7800");
    assertThat(settings.path("leaves").asBoolean()).isTrue();
    assertThat(five.configuration("statecraft-gateway").at("/statecraft/gateway/routes/replicated/nodes")).hasSize(5);
  }

  @Test
  void affinityNodesArePeers() {
    String name = "statecraft-stateful-affinity";
    String peers = RENDERED.configuration(name).at("/statecraft/session/affinity/peers").stringValue();
    assertThat(peers.split(",")).containsExactlyElementsOf(
        pods(name).stream().map(pod -> pod + "=http://" + pod + "." + name + ":8080").toList());
    assertThat(callers(name, "http")).containsExactlyInAnyOrder("gateway", "stateful-affinity");
    assertThat(mounts(name)).containsEntry("/etc/statecraft/secrets/statecraft/session", "statecraft-session-keyring");
  }

  @Test
  void raftLogIsOnThePersistentVolume() {
    String name = "statecraft-stateful-replicated";
    String directory = RENDERED.configuration(name).at("/statecraft/session/replicated/directory").stringValue();
    assertThat(RENDERED.pods(name).container().path("volumeMounts").valueStream()
        .filter(mount -> mount.path("mountPath").stringValue().equals(directory)))
        .singleElement().extracting(mount -> mount.path("name").stringValue()).isEqualTo("data");
    assertThat(RENDERED.object("StatefulSet", name).at("/spec/volumeClaimTemplates/0/metadata/name").stringValue())
        .isEqualTo("data");
    assertThat(Chart.render(Chart.valuesFile("no-disk"), "1.34.0").object("StatefulSet", name).path("spec")
        .has("volumeClaimTemplates")).isFalse();
  }

  /** The directory names of a configuration tree form the property name. */
  @Test
  void secretsAreMountedAsProperties() {
    assertThat(mounts("statecraft-gateway")).containsEntry("/etc/statecraft/secrets/statecraft/gateway",
        "statecraft-gateway-keyring");
    assertThat(mounts("statecraft-stateful-cookie")).containsEntry("/etc/statecraft/secrets/statecraft/session",
        "statecraft-session-keyring");
    assertThat(mounts("statecraft-reactive")).as("all replicas read the cookies of one another")
        .containsEntry("/etc/statecraft/secrets/statecraft/session", "statecraft-session-keyring");
    assertThat(mounts("statecraft-stateful-redis")).containsEntry("/etc/statecraft/secrets/spring/data/redis",
        "statecraft-redis-auth");
    assertThat(Rendered.texts(RENDERED.object("Secret", "statecraft-session-keyring").path("data")))
        .containsOnlyKeys("active-key", "keys.k1");
    assertThat(RENDERED.configuration("statecraft-gateway").at("/spring/config/import").stringValue())
        .isEqualTo("optional:configtree:/etc/statecraft/secrets/");
  }

  @Test
  void statelessTiersArePeersWithSharedKeys() {
    for (String tier : List.of("statecraft-stateless", "statecraft-reactive")) {
      JsonNode statecraft = RENDERED.configuration(tier).path("statecraft");
      assertThat(Rendered.texts(statecraft.at("/relay/peers"))).containsExactlyInAnyOrderEntriesOf(
          Map.of("stateless", "http://statecraft-stateless:8080/relay", "reactive",
              "http://statecraft-reactive:8080/relay"));
      assertThat(statecraft.at("/fanout/targets").valueStream().map(JsonNode::stringValue))
          .containsExactly("http://statecraft-stateless:8080/work?wait=100",
              "http://statecraft-reactive:8080/work?wait=100");
      assertThat(mounts(tier)).containsEntry("/etc/statecraft/secrets/statecraft/relay", "statecraft-relay-keyring");
      assertThat(callers(tier, "http")).containsExactlyInAnyOrder("gateway", "stateless", "reactive");
    }
    assertThat(Rendered.texts(RENDERED.object("Secret", "statecraft-relay-keyring").path("data")))
        .containsOnlyKeys("active-key", "keys.k1");
  }

  @Test
  void valuesAddPeersTargetsAndEgress() {
    Rendered changed = Chart.render(
        Map.of("calls.relay.peers.far", "https://far.example.com/relay", "calls.fanout.targets[0]", "http://a.example",
            "calls.egress[0].ports[0].port", 443));
    JsonNode statecraft = changed.configuration("statecraft-stateless").path("statecraft");
    assertThat(Rendered.texts(statecraft.at("/relay/peers"))).containsKeys("far", "stateless", "reactive");
    assertThat(statecraft.at("/fanout/targets").valueStream().map(JsonNode::stringValue))
        .containsExactly("http://a.example");
    assertThat(changed.object("NetworkPolicy", "statecraft-reactive").at("/spec/egress/2/ports/0/port").asInt())
        .isEqualTo(443);
  }

  @Test
  void disabledRelayHasNoKeysAndPeers() {
    Rendered changed = Chart.render(Map.of("calls.relay.enabled", false));
    assertThat(changed.configuration("statecraft-stateless").path("statecraft").has("relay")).isFalse();
    assertThat(changed.ofKind("Secret").map(Rendered::nameOf)).doesNotContain("statecraft-relay-keyring");
  }

  @Test
  void networkPoliciesAllowOnlyNeededCallers() {
    assertThat(callers("statecraft-stateful-replicated", "raft")).containsExactly("stateful-replicated");
    assertThat(callers("statecraft-redis", "redis")).containsExactly("stateful-redis");
    assertThat(callers("statecraft-stateful-redis", "http")).containsExactly("gateway");
    assertThat(callers("statecraft-stateful-cookie", "http")).containsExactly("gateway");
  }

  @Test
  void labPodReachesGatewayButMatchesNoSelector() {
    Rendered publicRelease = Chart.render(Chart.valuesFile("public"), "1.34.0");
    assertThat(publicRelease.object("NetworkPolicy", "statecraft-gateway").at("/spec/ingress/0/from").valueStream()
        .map(peer -> peer.at("/podSelector/matchLabels/app.kubernetes.io~1component").stringValue("")))
        .contains("lab", "test");
    Stream<JsonNode> selectors = Stream.of("Service", "StatefulSet", "Deployment", "PodDisruptionBudget")
        .flatMap(RENDERED::ofKind).map(object -> object.at("/spec/selector"))
        .map(selector -> selector.has("matchLabels") ? selector.path("matchLabels") : selector);
    assertThat(selectors.map(labels -> labels.path("app.kubernetes.io/component").stringValue())).isNotEmpty()
        .doesNotContain("lab");
  }

  @Test
  void falseAndEmptyTierValuesOverrideDefaults() {
    Rendered changed = Chart.render(
        Map.of("defaults.priorityClassName", "business", "gateway.priorityClassName", "",
            "strategies.affinity.podDisruptionBudget.enabled", false));
    assertThat(changed.pods("statecraft-gateway").spec().has("priorityClassName")).isFalse();
    assertThat(changed.pods("statecraft-stateless").spec().path("priorityClassName").stringValue())
        .isEqualTo("business");
    assertThat(changed.ofKind("PodDisruptionBudget").map(Rendered::nameOf))
        .contains("statecraft-stateful-redis").doesNotContain("statecraft-stateful-affinity");
  }

  @Test
  void configExtendsApplicationYaml() {
    Rendered changed = Chart.render(Chart.valuesFile("public"), "1.34.0");
    JsonNode route = changed.configuration("statecraft-gateway").at("/statecraft/gateway/routes/affinity");
    assertThat(route.path("deadline").stringValue()).isEqualTo("5s");
    assertThat(route.path("prefix").stringValue()).isEqualTo("/affinity");
  }

  private static String variable(JsonNode container, String name) {
    return container.path("env").valueStream().filter(variable -> variable.path("name").stringValue().equals(name))
        .map(variable -> variable.path("value").stringValue()).findFirst().orElseThrow();
  }

  private List<String> pods(String statefulSet) {
    int replicas = RENDERED.object("StatefulSet", statefulSet).path("spec").path("replicas").asInt();
    return IntStream.range(0, replicas).mapToObj(number -> statefulSet + "-" + number).toList();
  }

  private Map<String, String> mounts(String owner) {
    Rendered.PodTemplate pods = RENDERED.pods(owner);
    return pods.container().path("volumeMounts").valueStream().collect(
        Collectors.toMap(
            mount -> mount.path("mountPath").stringValue(),
            mount -> pods.spec().path("volumes").valueStream()
                .filter(volume -> volume.path("name").equals(mount.path("name")))
                .map(volume -> volume.path("secret").path("secretName").stringValue("")).findFirst().orElse("")));
  }

  private List<String> callers(String policy, String port) {
    List<String> callers = new ArrayList<>();
    JsonNode spec = RENDERED.object("NetworkPolicy", policy).path("spec");
    assertThat(spec.path("policyTypes").valueStream().map(JsonNode::stringValue)).containsExactly("Ingress", "Egress");
    spec.path("ingress").valueStream().filter(rule -> rule.at("/ports/0/port").stringValue("").equals(port)).forEach(
        rule -> rule.path("from").forEach(
            peer -> callers.add(
                peer.path("podSelector").path("matchLabels").path("app.kubernetes.io/component").stringValue())));
    return callers;
  }
}
