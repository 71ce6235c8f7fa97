package dev.statecraft.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class DashboardTest {

  private static JsonNode dashboard() {
    JsonNode data = Chart.render(Chart.valuesFile("public"), "1.34.0").object("ConfigMap", "statecraft-dashboard");
    return Chart.parseYaml(data.path("data").path("statecraft.json").stringValue());
  }

  private static List<String> expressions() {
    return dashboard().path("panels").valueStream().flatMap(panel -> panel.path("targets").valueStream())
        .map(target -> target.path("expr").stringValue()).toList();
  }

  @Test
  void queriesKnownMetricsOnly() throws IOException {
    MetricNames reference = MetricNames.ofReference();
    assertThat(expressions()).isNotEmpty()
        .allSatisfy(expression -> assertThat(MetricNames.in(expression)).isNotEmpty().allMatch(reference::contains));
  }

  /** 24 rows of the grid fit on one screen. */
  @Test
  void firstScreenTellsAPodKill() {
    List<String> queried = dashboard().path("panels").valueStream()
        .filter(panel -> panel.at("/gridPos/y").intValue() + panel.at("/gridPos/h").intValue() <= 24)
        .flatMap(panel -> panel.path("targets").valueStream())
        .flatMap(target -> MetricNames.in(target.path("expr").stringValue()).stream()).toList();
    assertThat(queried).contains("statecraft_gateway_attempts_seconds_count", "statecraft_gateway_ejections_total",
        "statecraft_gateway_node_available", "statecraft_gateway_retries_denied_total",
        "statecraft_session_operations_seconds_count", "statecraft_session_replicated_leads",
        "statecraft_session_replicated_term", "statecraft_session_replicated_follower_lag_entries",
        "statecraft_session_redis_up", "statecraft_session_redis_primary");
  }

  @Test
  void showsHistogramOfAttempts() {
    String buckets = "statecraft_gateway_attempts_seconds_bucket";
    assertThat(expressions()).anyMatch(expression -> expression.startsWith("histogram_quantile(0.99, ")
        && expression.contains("sum by (le, route)") && expression.contains(buckets));
    assertThat(dashboard().path("panels").valueStream()
        .filter(panel -> panel.path("type").stringValue().equals("heatmap"))
        .flatMap(panel -> panel.path("targets").valueStream()))
        .anyMatch(target -> target.path("format").stringValue().equals("heatmap")
            && target.path("expr").stringValue().contains(buckets));
  }

  @Test
  void everyPanelQueriesOnlyItsNamespace() {
    JsonNode dashboard = dashboard();
    assertThat(dashboard.path("title").stringValue()).isEqualTo("Statecraft");
    assertThat(dashboard.path("panels")).isNotEmpty().allSatisfy(
        panel -> assertThat(panel.path("targets")).isNotEmpty().allSatisfy(
            target -> assertThat(target.path("expr").stringValue()).contains("namespace=\"$namespace\"")));
  }
}
