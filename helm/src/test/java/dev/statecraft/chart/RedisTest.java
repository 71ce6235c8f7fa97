package dev.statecraft.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Checks passwords of Redis and changes of its mode. {@link RedisNodeIT} runs the script of its containers. */
class RedisTest {
  private static final String STANDALONE_RUNS = "StatefulSet: {statecraft-redis: {kind: StatefulSet}}";
  private static final String SENTINELS_RUN = "StatefulSet: {statecraft-redis-node: {kind: StatefulSet}}";

  @ParameterizedTest
  @ValueSource(strings = {"default", "sentinel", "migration"})
  void passwordIsNoArgumentAndNoVariable(String values) {
    Rendered rendered = Rendering.of(values).objects();
    assertThat(redisPods(rendered)).isNotEmpty().allSatisfy(pods -> {
      assertThat(pods.containers()).allSatisfy(container -> {
        assertThat(container.path("command").toString()).doesNotContain("AUTH", "requirepass");
        assertThat(container.path("env").findValues("secretKeyRef")).isEmpty();
      });
      JsonNode auth = pods.spec().path("volumes").valueStream()
          .filter(volume -> volume.path("name").stringValue().equals("auth")).findFirst().orElseThrow();
      assertThat(auth.at("/projected/sources/0/secret/items/0/path").stringValue()).isEqualTo("password");
      assertThat(auth.at("/projected/sources/1/secret/optional").asBoolean()).isTrue();
    });
  }

  @Test
  void changeToSentinelIsRefusedBecauseItDropsSessions() {
    assertThat(Rendering.ofDefaults().cluster(STANDALONE_RUNS).set("redis.mode", "sentinel").error())
        .contains("drop all sessions", "redis.sentinel.migration=true", "redis.discardSessions=true");
  }

  @ParameterizedTest
  @CsvSource({"standalone", "external"})
  void changeFromSentinelIsRefused(String mode) {
    assertThat(Rendering.ofDefaults().cluster(SENTINELS_RUN).set("redis.mode", mode).set("redis.external.host", "a")
        .set("redis.external.auth", false).error()).contains("drop all sessions", "redis.discardSessions=true");
  }

  @Test
  void changeFromStandaloneToExternalIsRefused() {
    assertThat(Rendering.ofDefaults().cluster(STANDALONE_RUNS).set("redis.mode", "external")
        .set("redis.external.host", "a").set("redis.external.auth", false).error()).contains("drop all sessions");
  }

  @Test
  void discardSessionsAllowsTheChange() {
    assertThat(Rendering.ofDefaults().cluster(STANDALONE_RUNS).set("redis.mode", "sentinel")
        .set("redis.discardSessions", true).objects().ofKind("StatefulSet").map(Rendered::nameOf))
        .contains("statecraft-redis-node").doesNotContain("statecraft-redis");
  }

  /** First both run, with the standalone server as the primary; the next upgrade removes it. */
  @Test
  void migrationTakesTwoUpgrades() {
    Rendered both = Rendering.of("migration").installed().cluster(STANDALONE_RUNS).objects();
    Rendered before = Rendering.ofDefaults().installed().objects();
    assertThat(both.pods("statecraft-redis")).as("the standalone server does not restart")
        .isEqualTo(before.pods("statecraft-redis"));
    assertThat(both.pods("statecraft-redis-node").containers()).allSatisfy(
        container -> assertThat(container.path("env").toString())
            .contains("{\"name\":\"ORIGIN\",\"value\":\"statecraft-redis\"}"));
    Rendered after = Rendering.of("sentinel").installed().cluster(STANDALONE_RUNS).cluster(SENTINELS_RUN).objects();
    assertThat(after.pods("statecraft-redis-node")).as("the group does not restart")
        .isEqualTo(both.pods("statecraft-redis-node"));
    assertThat(after.ofKind("StatefulSet").map(Rendered::nameOf)).doesNotContain("statecraft-redis");
  }

  @Test
  void standaloneServiceSelectsNoServerOfTheGroup() {
    Rendered both = Rendering.of("migration").objects();
    JsonNode selector = both.object("Service", "statecraft-redis").at("/spec/selector");
    assertThat(redisPods(both)).hasSize(2).filteredOn(pods -> pods.isSelectedBy(selector))
        .extracting(Rendered.PodTemplate::owner).containsExactly("statecraft-redis");
  }

  @Test
  void passwordsInConfigAreRejected() {
    assertThat(Rendering.ofDefaults().set("redis.config.requirepass", "secret").error()).contains("requirepass");
  }

  private static List<Rendered.PodTemplate> redisPods(Rendered rendered) {
    return rendered.pods().stream().filter(pods -> "redis".equals(pods.labels().get("app.kubernetes.io/component")))
        .toList();
  }
}
