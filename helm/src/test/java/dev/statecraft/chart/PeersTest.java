package dev.statecraft.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Checks how the session stores of other projects are deployed. */
class PeersTest {
  private static final Rendered RENDERED = Rendering.of("peers").objects();

  @ParameterizedTest
  @ValueSource(strings = {"spring-redis", "jdbc", "hazelcast", "infinispan"})
  void eachPeerHasItsOwnImage(String peer) {
    Rendered digest = Rendering.of("peers")
        .values("image: {digests: {stateful-service-" + peer + ": 'sha256:" + "0".repeat(64) + "'}}").objects();
    assertThat(image(RENDERED, peer)).contains("/stateful-service-" + peer + ":").doesNotContain("@");
    assertThat(image(digest, peer)).contains("/stateful-service-" + peer + ":").contains("@sha256:0");
    assertThat(configuration(peer).at("/statecraft/session/strategy").stringValue()).isEqualTo(peer);
    assertThat(RENDERED.configuration("statecraft-gateway").at("/statecraft/gateway/routes/" + peer + "/prefix")
        .stringValue()).isEqualTo("/" + peer);
  }

  @ParameterizedTest
  @CsvSource({"hazelcast, 5701, 4", "infinispan, 7800, 3"})
  void membersFindEachOther(String peer, int port, int replicas) {
    String name = "statecraft-stateful-" + peer;
    JsonNode settings = configuration(peer).at("/statecraft/session/" + peer);
    assertThat(settings.path("members").stringValue().split(",")).hasSize(replicas)
        .startsWith(name + "-0=" + name + "-0." + name + ":" + port);
    assertThat(settings.path("address").stringValue()).isEqualTo("${statecraft.node}." + name + ":" + port);
    assertThat(ports(RENDERED.pods(name).container().path("ports"), "containerPort")).contains(port);
    assertThat(ports(RENDERED.object("Service", name).at("/spec/ports"), "port")).contains(port);
    JsonNode policy = RENDERED.object("NetworkPolicy", name).path("spec");
    for (String direction : List.of("ingress", "egress")) {
      assertThat(policy.path(direction).valueStream().filter(rule -> rule.path("ports").toString().contains("members")))
          .as(direction).singleElement().asString().contains("\"app.kubernetes.io/component\":\"stateful-" + peer);
    }
  }

  /** Infinispan takes a node that does not answer there for a failed one. */
  @Test
  void failureDetectionOfInfinispanIsAdmitted() {
    JsonNode policy = RENDERED.object("NetworkPolicy", "statecraft-stateful-infinispan").path("spec");
    assertThat(policy.path("ingress").toString()).contains("\"failures\"");
    assertThat(policy.path("egress").toString()).contains("\"failures\"");
    assertThat(ports(RENDERED.pods("statecraft-stateful-infinispan").container().path("ports"), "containerPort"))
        .contains((7800 + 50_000) % 65_536);
  }

  @Test
  void jdbcReadsItsPasswordFromTheNamedSecret() {
    JsonNode source = configuration("jdbc").at("/spring/datasource");
    assertThat(source.path("url").stringValue())
        .isEqualTo("jdbc:postgresql://postgresql.databases.svc:5432/statecraft");
    assertThat(source.has("password")).isFalse();
    JsonNode volume = RENDERED.pods("statecraft-stateful-jdbc").spec().path("volumes").valueStream()
        .filter(each -> each.path("name").stringValue().equals("spring-datasource")).findFirst().orElseThrow();
    assertThat(volume.at("/secret/secretName").stringValue()).isEqualTo("our-postgresql");
    assertThat(volume.at("/secret/items").toString())
        .isEqualTo("[{\"key\":\"user-password\",\"path\":\"password\"}]");
    assertThat(ports(RENDERED.object("NetworkPolicy", "statecraft-stateful-jdbc").at("/spec/egress").valueStream()
        .flatMap(rule -> rule.path("ports").valueStream()), "port")).contains(5432);
  }

  /** Hikari takes no duration such as 1s: the service would not start. */
  @Test
  void jdbcWaitsMillisecondsForConnection() {
    assertThat(configuration("jdbc").at("/spring/datasource/hikari/connection-timeout").isInt()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"host", "existingSecret"})
  void jdbcNeedsDatabaseAndPassword(String setting) {
    assertThat(Rendering.of("peers").set("strategies.jdbc." + setting, "").error()).contains("strategies.jdbc");
  }

  @Test
  void springRedisRunsRedisWithoutStrategyRedis() {
    assertThat(RENDERED.object("StatefulSet", "statecraft-redis")).isNotNull();
    assertThat(configuration("spring-redis").at("/spring/data/redis/host").stringValue()).isEqualTo("statecraft-redis");
    assertThat(RENDERED.object("NetworkPolicy", "statecraft-redis").at("/spec/ingress").toString())
        .contains("\"stateful-spring-redis\"").doesNotContain("\"stateful-redis\"");
  }

  private static JsonNode configuration(String peer) {
    return RENDERED.configuration("statecraft-stateful-" + peer);
  }

  private static String image(Rendered rendered, String peer) {
    return rendered.pods("statecraft-stateful-" + peer).container().path("image").stringValue();
  }

  private static List<Integer> ports(JsonNode ports, String field) {
    return ports(ports.valueStream(), field);
  }

  private static List<Integer> ports(Stream<JsonNode> ports, String field) {
    return ports.filter(port -> port.path(field).isInt()).map(port -> port.path(field).asInt()).toList();
  }
}
