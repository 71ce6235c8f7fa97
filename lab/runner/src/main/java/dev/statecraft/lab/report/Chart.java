package dev.statecraft.lab.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code charts.js} draws, in the canvas whose id is {@link #id}. Written as JSON; {@code kind} picks the drawing.
 */
public sealed interface Chart {
  String id();

  String kind();

  /** The ends of an axis. Charts that a reader compares share theirs. */
  record Range(double from, double to) {}

  /**
   * Figures over time on a logarithmic axis, a share of failures in a lane below, and what happened as bands.
   *
   * @param step seconds from each value to the next; value i tells of the interval that begins at {@code i * step}
   * @param failedPercent null where nothing failed
   */
  record OverTime(String id, String kind, String hue, String unit, double step, double seconds, Range range,
      List<Line> lines, List<@Nullable Double> failedPercent, List<Band> bands) implements Chart {
    public OverTime(String id, String hue, String unit, double step, double seconds, Range range, List<Line> lines,
        List<@Nullable Double> failedPercent, List<Band> bands) {
      this(id, "overTime", hue, unit, step, seconds, range, lines, failedPercent, bands);
    }
  }

  /** One line of {@link OverTime}; the strong one carries the message. */
  record Line(String name, boolean strong, List<@Nullable Double> values) {}

  /** Something that lasted; in seconds. Without an end it lasted to the end of the chart. */
  record Band(String label, double from, @Nullable Double to) {}

  /**
   * A row of dots for each thing compared on a logarithmic axis, joined by a line.
   *
   * @param marks what each dot of a row means, in order
   * @param absent said of a mark that has no value in a row that has others or could have
   */
  record Dots(String id, String kind, String unit, Range range, List<String> marks, String absent,
      List<Row> rows) implements Chart {
    public Dots(String id, String unit, Range range, List<String> marks, String absent, List<Row> rows) {
      this(id, "dots", unit, range, marks, absent, rows);
    }
  }

  /** One row of {@link Dots}; as many values as there are marks. */
  record Row(String name, String hue, List<@Nullable Double> values) {}

  /**
   * Figures against a rate, both on logarithmic axes, and a limit as a line across.
   *
   * @param limit drawn where the other axis has this value
   */
  record Curves(String id, String kind, String unit, Range rates, Range range, double limit, String limitName,
      List<Curve> curves) implements Chart {
    public Curves(String id, String unit, Range rates, Range range, double limit, String limitName,
        List<Curve> curves) {
      this(id, "curves", unit, rates, range, limit, limitName, curves);
    }
  }

  /** One line of {@link Curves}. */
  record Curve(String name, String hue, boolean dashed, List<Point> points) {}

  /** The figure at a rate; one that is missing leaves a gap. */
  record Point(double rate, @Nullable Double value) {}
}
