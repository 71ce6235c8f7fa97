package dev.statecraft.lab.environment;

import java.net.URI;
import java.util.Optional;

/** Reads Prometheus' text form. */
public final class PrometheusText {
  private PrometheusText() {}

  /** The metrics of the service at an address, where it answers. */
  public static Optional<String> fetch(URI service) {
    return Probe.get(service.resolve("/actuator/prometheus"));
  }

  /**
   * The sum of a metric's values over all its labels.
   *
   * @param text what {@code /actuator/prometheus} answers
   * @return 0 where there is none of that name
   */
  public static double sum(String text, String name) {
    return sum(text, name, "");
  }

  /**
   * The sum of a metric's values where one label is as wished.
   *
   * @param label as the text writes it, such as {@code node="a"}; empty for all
   */
  public static double sum(String text, String name, String label) {
    return text.lines().filter(line -> line.startsWith(name) && line.contains(label))
        .filter(line -> line.length() > name.length() && " {".indexOf(line.charAt(name.length())) >= 0)
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).sum();
  }
}
