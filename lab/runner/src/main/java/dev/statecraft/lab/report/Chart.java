package dev.statecraft.lab.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A chart that {@code charts.js} draws on the canvas with the same {@code id}. Serialized as JSON; {@code kind} selects
 * the drawing function.
 */
public sealed interface Chart {
  String id();

  String kind();

  /** The range of an axis. Charts that are compared with each other share it. */
  record Range(double from, double to) {}

  /**
   * Values over time on a logarithmic axis, with the share of failed requests below and faults as bands.
   *
   * @param step seconds per value; value i covers the interval from {@code i * step}
   * @param failedPercent null if no request failed in the interval
   */
  record OverTime(String id, String kind, String hue, String unit, double step, double seconds, Range range,
      List<Line> lines, List<@Nullable Double> failedPercent, List<Band> bands) implements Chart {
    public OverTime(String id, String hue, String unit, double step, double seconds, Range range, List<Line> lines,
        List<@Nullable Double> failedPercent, List<Band> bands) {
      this(id, "overTime", hue, unit, step, seconds, range, lines, failedPercent, bands);
    }
  }

  /** A line of {@link OverTime}; the strong one is emphasized. */
  record Line(String name, boolean strong, List<@Nullable Double> values) {}

  /** A fault, in seconds; without an end it lasted to the end of the chart. */
  record Band(String label, double from, @Nullable Double to) {}

  /**
   * A row of dots for each subject on a logarithmic axis, joined by a line.
   *
   * @param marks the meaning of each dot of a row, in order
   * @param absent the text for a missing dot
   */
  record Dots(String id, String kind, String unit, Range range, List<String> marks, String absent,
      List<Row> rows) implements Chart {
    public Dots(String id, String unit, Range range, List<String> marks, String absent, List<Row> rows) {
      this(id, "dots", unit, range, marks, absent, rows);
    }
  }

  /** A subject of {@link Dots}, with one value per mark. */
  record Row(String name, String hue, List<@Nullable Double> values) {}

  /** Values against a rate, both on logarithmic axes, and a limit as a horizontal line. */
  record Curves(String id, String kind, String unit, Range rates, Range range, double limit, String limitName,
      List<Curve> curves) implements Chart {
    public Curves(String id, String unit, Range rates, Range range, double limit, String limitName,
        List<Curve> curves) {
      this(id, "curves", unit, rates, range, limit, limitName, curves);
    }
  }

  /** A line of {@link Curves}. */
  record Curve(String name, String hue, boolean dashed, List<Point> points) {}

  /** The value at a rate; null leaves a gap. */
  record Point(double rate, @Nullable Double value) {}
}
