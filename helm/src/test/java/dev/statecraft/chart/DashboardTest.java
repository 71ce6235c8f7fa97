package dev.statecraft.chart;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class DashboardTest {

  @Test
  void everyPanelQueriesOnlyItsNamespace() {
    Rendered rendered = Chart.render(Chart.valuesFile("public"), "1.34.0");
    JsonNode data = rendered.object("ConfigMap", "statecraft-dashboard").path("data").path("statecraft.json");
    JsonNode dashboard = Chart.parseYaml(data.stringValue());
    assertThat(dashboard.path("title").stringValue()).isEqualTo("Statecraft");
    assertThat(dashboard.path("panels")).isNotEmpty().allSatisfy(
        panel -> assertThat(panel.path("targets")).isNotEmpty().allSatisfy(
            target -> assertThat(target.path("expr").stringValue()).contains("namespace=\"$namespace\"")));
  }
}
