package dev.statecraft.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class AlertsTest {
  private static final Path RUNBOOKS = Path.of("..", "docs", "runbooks.md");

  @Test
  void everyAlertHasItsRunbook() throws IOException {
    List<String> sections = Files.readAllLines(RUNBOOKS).stream().filter(line -> line.startsWith("## "))
        .map(line -> line.substring("## ".length())).toList();
    List<JsonNode> alerts = alerts();
    assertThat(alerts).extracting(alert -> alert.path("alert").stringValue()).containsExactlyElementsOf(sections);
    assertThat(alerts).allSatisfy(
        alert -> assertThat(alert.at("/annotations/runbook_url").stringValue())
            .isEqualTo(Alerts.RUNBOOKS + "#" + alert.path("alert").stringValue().toLowerCase(Locale.ROOT)));
  }

  @Test
  void everyAlertQueriesKnownMetricsOfTheRelease() throws IOException {
    MetricNames reference = MetricNames.ofReference();
    assertThat(alerts()).allSatisfy(alert -> {
      String expression = alert.path("expr").stringValue();
      assertThat(MetricNames.in(expression)).isNotEmpty().allMatch(reference::contains);
      assertThat(expression.split("statecraft_", -1)).hasSameSizeAs(
          expression.split("\\{namespace=\"shop\", job=\"statecraft\"}", -1));
    });
  }

  @Test
  void rendersNoAlertsByDefault() {
    assertThat(Chart.render(Map.of()).ofKind("PrometheusRule")).isEmpty();
  }

  @Test
  void missingMembersCountOnlyWhereTheGroupIsInstalled() {
    JsonNode rules = Rendering.ofDefaults().set("metrics.prometheusRule.enabled", true)
        .set("strategies.replicated.enabled", false).objects().object("PrometheusRule", "statecraft").path("spec");
    assertThat(rules.toString()).contains("StatecraftNoLeader").doesNotContain("absent(");
  }

  private static List<JsonNode> alerts() {
    return Alerts.rendered().path("groups").valueStream().flatMap(group -> group.path("rules").valueStream()).toList();
  }
}
