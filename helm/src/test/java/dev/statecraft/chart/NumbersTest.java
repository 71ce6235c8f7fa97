package dev.statecraft.chart;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checks values that YAML or {@code --set} reads as numbers or as true and false. */
class NumbersTest {

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      config: {repl-backlog-size: 1048576} | repl-backlog-size 1048576
      config: {hz: 15}                     | hz 15
      config: {activerehashing: no}        | activerehashing no
      config: {activerehashing: false}     | activerehashing no
      config: {lazyfree-lazy-eviction: on} | lazyfree-lazy-eviction on
      maxmemory: 268435456                 | maxmemory 268435456
      """)
  void redisDirectivesPrintAllDigits(String redis, String line) {
    assertThat(Rendering.ofDefaults().values("redis: {" + redis + "}").objects().object("ConfigMap", "statecraft-redis")
        .at("/data/redis.conf").stringValue().lines()).contains(line);
  }

  @Test
  void numericTagsAreAccepted() {
    Rendered rendered = Rendering.ofDefaults().set("redis.image.tag", 7).set("image.tag", 20240131).objects();
    assertThat(rendered.pods("statecraft-redis").container().path("image").stringValue()).isEqualTo("redis:7");
    assertThat(rendered.pods("statecraft-gateway").container().path("image").stringValue())
        .isEqualTo("statecraft/gateway:20240131");
  }

  /** 7.10 would silently become 7.1. */
  @Test
  void fractionalTagIsRejected() {
    assertThat(Rendering.ofDefaults().values("redis: {image: {tag: 7.2}}").error()).contains("/redis/image/tag");
  }

  @Test
  void labelsAndVariablesAreText() {
    Rendered rendered = Rendering.of("extended").objects();
    Rendered.PodTemplate pods = rendered.pods("statecraft-stateless");
    assertThat(pods.labels()).containsEntry("version", "2024").containsEntry("enabled", "true")
        .containsEntry("build", "2024");
    assertThat(Rendered.texts(pods.metadata().path("annotations"))).containsEntry("example.com/revision", "7");
    assertThat(pods.container().path("env").valueStream()
        .filter(variable -> variable.path("name").stringValue().equals("LIMIT")))
        .singleElement().extracting(variable -> variable.path("value").stringValue()).isEqualTo("5");
    assertThat(rendered.configuration("statecraft-stateful-affinity").at(
        "/statecraft/session/affinity/maximum-sessions").asInt()).isEqualTo(1_000_000);
  }
}
