package dev.statecraft.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks names of releases that Helm accepts but Kubernetes does not take as they are. */
class NamesTest {
  private static final int MAX_STATEFUL_SET_LENGTH = 52;

  @ParameterizedTest
  @ValueSource(strings = {"statecraft-platform-team-production", Scenario.LONGEST_RELEASE_NAME})
  void statefulSetNamesLeaveRoomForRevisionLabel(String release) {
    assertThat(Rendering.of("all-strategies").release(release).objects().ofKind("StatefulSet")).hasSize(5)
        .allSatisfy(
            set -> assertThat(Rendered.nameOf(set)).hasSizeLessThanOrEqualTo(MAX_STATEFUL_SET_LENGTH));
  }

  @Test
  void longNamesThatDifferAtTheEndRenderDifferently() {
    List<String> names = Stream.of("blue", "green").map(end -> gatewayOf("statecraft-platform-team-production-" + end))
        .toList();
    assertThat(names).doesNotHaveDuplicates().allMatch(name -> name.startsWith("statecraft-platform-tea"));
  }

  @ParameterizedTest
  @CsvSource({"statecraft, statecraft-gateway", "shop, shop-statecraft-gateway",
    "a-name-with-21-letter, a-name-with-21-letter-statecraft-gateway"})
  void shortNamesStayAsTheyAre(String release, String gateway) {
    assertThat(gatewayOf(release)).isEqualTo(gateway);
  }

  @Test
  void dotsAndHyphensDoNotCollide() {
    assertThat(Stream.of("my.shop", "my-shop").map(NamesTest::gatewayOf).toList()).doesNotHaveDuplicates();
  }

  /** A Service's name must begin with a letter, and a label must be text. */
  @Test
  void numericReleaseNameIsUsable() {
    Rendered rendered = Rendering.ofDefaults().release("2024").objects();
    assertThat(rendered.ofKind("Service")).allSatisfy(service -> {
      assertThat(Rendered.nameOf(service)).matches("[a-z].*");
      assertThat(service.at("/spec/selector/app.kubernetes.io~1instance").stringValue()).isEqualTo("2024");
    });
  }

  @Test
  void tooLongOverrideIsRejectedByName() {
    assertThat(Chart.renderError(Map.of("fullnameOverride", "an-override-that-has-thirty-six-chars")))
        .contains("stateful-affinity", "at most 52", "fullnameOverride");
  }

  private static String gatewayOf(String release) {
    return Rendering.ofDefaults().release(release).objects().ofKind("Deployment").map(Rendered::nameOf)
        .filter(name -> name.endsWith("-gateway")).findFirst().orElseThrow();
  }
}
