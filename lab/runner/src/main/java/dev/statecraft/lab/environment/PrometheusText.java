package dev.statecraft.lab.environment;

import java.net.URI;
import java.util.Optional;

/** Reads the Prometheus text format. */
public final class PrometheusText {
  private PrometheusText() {}

  /** The metrics of a service; empty if it does not answer. */
  public static Optional<String> fetch(URI service) {
    return Probe.get(service.resolve("/actuator/prometheus"));
  }

  /** The sum of a metric's values over all its labels; 0 if there is no such metric. */
  public static double sum(String text, String name) {
    return sum(text, name, "");
  }

  /**
   * The sum of a metric's values over the series with one label; 0 if there is no such series.
   *
   * @param label in the text format, such as {@code node="a"}; empty for all series
   */
  public static double sum(String text, String name, String label) {
    return text.lines().filter(line -> line.startsWith(name) && line.contains(label))
        .filter(line -> line.length() > name.length() && " {".indexOf(line.charAt(name.length())) >= 0)
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).sum();
  }
}
