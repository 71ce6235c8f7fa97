package dev.statecraft.lab.environment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrometheusTextTest {
  private static final String TEXT = """
      # HELP sent_total Sent messages
      # TYPE sent_total counter
      sent_total{to="a",} 3.0
      sent_total{to="b b"} 4.5E1
      sent_total_other 100
      alone 7
      """;

  @Test
  void sumsOverAllLabels() {
    assertThat(PrometheusText.sum(TEXT, "sent_total")).isEqualTo(48);
  }

  @Test
  void sumsOverOneLabel() {
    assertThat(PrometheusText.sum(TEXT, "sent_total", "to=\"a\"")).isEqualTo(3);
    assertThat(PrometheusText.sum(TEXT, "sent_total", "to=\"c\"")).isZero();
  }

  @Test
  void readsMetricWithoutLabels() {
    assertThat(PrometheusText.sum(TEXT, "alone")).isEqualTo(7);
  }

  @Test
  void missingMetricIsZero() {
    assertThat(PrometheusText.sum(TEXT, "sent")).isZero();
    assertThat(PrometheusText.sum("", "sent_total")).isZero();
  }
}
