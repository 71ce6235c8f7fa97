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

  @Test
  void prometheusScrapesEachPodOnce() {
    Rendered rendered = Chart.render(Chart.valuesFile("public"), "1.34.0");
    JsonNode selector = rendered.object("ServiceMonitor", "statecraft").at("/spec/selector");
    assertThat(
        rendered.ofKind("Service").filter(service -> selects(selector, service))
            .map(service -> service.at("/spec/selector/app.kubernetes.io~1component").stringValue()))
        .containsExactlyInAnyOrder("gateway", "stateless", "reactive", "stateful-affinity", "stateful-redis");
  }

  private static boolean selects(JsonNode selector, JsonNode service) {
    var labels = Rendered.texts(service.path("metadata").path("labels"));
    boolean matches = labels.entrySet().containsAll(Rendered.texts(selector.path("matchLabels")).entrySet());
    return matches && selector.path("matchExpressions").valueStream().noneMatch(expression -> {
      String value = labels.get(expression.path("key").stringValue());
      return switch (expression.path("operator").stringValue()) {
        case "DoesNotExist" -> value != null;
        case "NotIn" -> value != null
            && expression.path("values").valueStream().anyMatch(listed -> listed.stringValue().equals(value));
        default -> throw new AssertionError("unsupported operator: " + expression);
      };
    });
  }
}
