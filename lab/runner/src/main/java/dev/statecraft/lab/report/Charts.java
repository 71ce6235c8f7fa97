package dev.statecraft.lab.report;

import dev.statecraft.lab.report.Chart.Dots;
import dev.statecraft.lab.report.Chart.Range;
import dev.statecraft.lab.report.Chart.Row;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Builds the charts that the pages of several experiments share. */
public final class Charts {
  private static final double[] STEPS = {1, 2, 5, 10};

  private Charts() {}

  public static Chart dots(String id, List<String> marks, String absent, List<Row> rows) {
    Range range = logarithmic(rows.stream().flatMap(row -> row.values().stream()));
    return new Dots(id, "ms", range, marks, absent, rows);
  }

  public static Row row(String name, String hue, @Nullable Double... values) {
    return new Row(name, hue, Arrays.asList(values));
  }

  /** The narrowest logarithmic range of the positive values with ends at 1, 2 or 5 times a power of ten. */
  public static Range logarithmic(Stream<@Nullable Double> values) {
    double[] sorted = values.filter(Objects::nonNull).mapToDouble(Double::doubleValue).filter(v -> v > 0).sorted()
        .toArray();
    if (sorted.length == 0) {
      return new Range(1, 10);
    }
    double min = sorted[0];
    double max = sorted[sorted.length - 1];
    double below = Math.pow(10, Math.floor(Math.log10(min)));
    double from = Arrays.stream(STEPS).map(step -> step * below).filter(step -> step <= min).max().orElse(below);
    double above = Math.pow(10, Math.floor(Math.log10(max)));
    double to = Arrays.stream(STEPS).map(step -> step * above).filter(step -> step >= max).min().orElse(10 * above);
    return new Range(from, from < to ? to : 10 * from);
  }
}
