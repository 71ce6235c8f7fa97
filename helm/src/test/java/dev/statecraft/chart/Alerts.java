package dev.statecraft.chart;

import tools.jackson.databind.JsonNode;

/** The alerts of the chart. */
final class Alerts {
  static final String RUNBOOKS = "https://runbooks.example.com/statecraft";

  private Alerts() {}

  /** Returns the rule groups, as Prometheus reads them from a file. */
  static JsonNode rendered() {
    return Rendering.of("all-strategies").set("metrics.prometheusRule.enabled", true)
        .set("metrics.prometheusRule.runbooks", RUNBOOKS).objects().object("PrometheusRule", "statecraft").path("spec");
  }
}
