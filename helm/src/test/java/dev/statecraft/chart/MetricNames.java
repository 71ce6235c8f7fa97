package dev.statecraft.chart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Names of metrics: those of docs/metrics.md, and those that an expression queries. */
record MetricNames(Set<String> names) {
  private static final Path REFERENCE = Path.of("..", "docs", "metrics.md");
  private static final Pattern ROW = Pattern.compile("^\\| `(\\w+)` \\| (\\w+) ", Pattern.MULTILINE);
  private static final Pattern QUERIED = Pattern.compile("\\b([a-z]\\w+)\\{");

  static MetricNames ofReference() throws IOException {
    Set<String> names = new HashSet<>();
    ROW.matcher(Files.readString(REFERENCE)).results().forEach(row -> {
      names.add(row.group(1));
      suffixes(row.group(2)).forEach(suffix -> names.add(row.group(1) + suffix));
    });
    return new MetricNames(names);
  }

  private static List<String> suffixes(String type) {
    return switch (type) {
      case "summary" -> List.of("_count", "_sum", "_max");
      case "histogram" -> List.of("_count", "_sum", "_max", "_bucket");
      default -> List.of();
    };
  }

  static List<String> in(String expression) {
    return QUERIED.matcher(expression).results().map((MatchResult query) -> query.group(1)).toList();
  }

  /** Whether the reference lists the metric, or Spring Boot exports it. */
  boolean contains(String metric) {
    return names.contains(metric) || metric.startsWith("jvm_") || metric.startsWith("process_");
  }
}
