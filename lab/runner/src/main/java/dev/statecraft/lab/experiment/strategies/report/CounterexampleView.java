package dev.statecraft.lab.experiment.strategies.report;

import dev.statecraft.lab.experiment.strategies.report.StrategyResults.Counterexample;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults.FaultResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/**
 * One counterexample as numbered steps and as a timeline: clients are rows, operations bars, faults bands. The timeline
 * shows order, not duration: the instants at which something begins or ends have equal distances.
 *
 * @param height the height of the timeline, in CSS pixels; 0 without one
 */
record CounterexampleView(String id, String session, String explanation, List<Step> steps, List<Lane> lanes,
    List<Bar> bars, List<Band> bands, int height) {
  private static final int LANE_HEIGHT = 46;
  private static final int HEADER = 20;
  private static final double MARGIN = 2;

  boolean drawn() {
    return height > 0;
  }

  int bandHeight() {
    return height - 16;
  }

  /** An operation or fault as a sentence. */
  record Step(int number, String text) {}

  /** The row of a client; {@code y} in CSS pixels. */
  record Lane(String name, int labelY, int lineY) {}

  /** An operation; horizontally in percent of the width, vertically in CSS pixels. */
  record Bar(int number, String outcome, String left, String width, int y, String middle, int labelY) {}

  record Band(String label, String left, String width) {}

  static String id(int run, String anomaly, int position) {
    return "counterexample-" + run + '-' + anomaly.replaceAll("[^A-Za-z0-9]", "") + '-' + position;
  }

  static CounterexampleView of(String id, Counterexample example, List<FaultResult> faults) {
    List<CounterexampleLine> lines = example.operations().stream().map(CounterexampleLine::parse).toList();
    List<CounterexampleLine.OperationLine> operations = new ArrayList<>();
    Map<String, FaultSpan> spans = new LinkedHashMap<>();
    List<Step> steps = new ArrayList<>();
    for (CounterexampleLine line : lines) {
      steps.add(new Step(steps.size() + 1, line.sentence()));
      switch (line) {
        case CounterexampleLine.OperationLine operation -> operations.add(operation.numbered(steps.size()));
        case CounterexampleLine.FaultLine fault ->
          spans.put(fault.label(), new FaultSpan(steps.size() + ": " + fault.label(), fault.began(), fault.ended()));
        case CounterexampleLine.TextLine _ -> {
        }
      }
    }
    return operations.isEmpty()
        ? new CounterexampleView(id, example.session(), example.explanation(), steps, List.of(), List.of(), List.of(),
            0)
        : draw(id, example, steps, operations, withFaults(spans, operations, faults));
  }

  private record FaultSpan(String label, long began, long ended) {}

  /** Adds the faults that began between the operations, including those that the counterexample does not list. */
  private static Map<String, FaultSpan> withFaults(Map<String, FaultSpan> spans,
      List<CounterexampleLine.OperationLine> operations, List<FaultResult> faults) {
    long first = operations.stream().mapToLong(CounterexampleLine.OperationLine::invoked).min().orElse(0);
    long last = operations.stream().mapToLong(CounterexampleLine.OperationLine::completed).max().orElse(0);
    for (FaultResult fault : faults) {
      long began = fault.atMillis() * 1_000_000;
      Long ended = fault.endedAtMillis();
      if (began >= first && began <= last) {
        String label = fault.kind() + ' ' + fault.target();
        spans.putIfAbsent(label, new FaultSpan(label, began, ended == null ? -1 : ended * 1_000_000));
      }
    }
    return spans;
  }

  private static CounterexampleView draw(String id, Counterexample example, List<Step> steps,
      List<CounterexampleLine.OperationLine> operations, Map<String, FaultSpan> faults) {
    TreeSet<Long> instants = new TreeSet<>();
    operations.forEach(operation -> {
      instants.add(operation.invoked());
      instants.add(operation.completed());
    });
    faults.values().forEach(fault -> {
      instants.add(fault.began());
      if (fault.ended() >= 0) {
        instants.add(fault.ended());
      }
    });
    List<Long> clients = operations.stream().map(CounterexampleLine.OperationLine::client).distinct().sorted().toList();
    List<Lane> lanes = new ArrayList<>();
    for (Long client : clients) {
      int top = HEADER + lanes.size() * LANE_HEIGHT;
      lanes.add(new Lane("client " + client, top + 12, top + 34));
    }
    List<Bar> bars = operations.stream().map(operation -> {
      double left = position(instants, operation.invoked());
      double width = Math.max(position(instants, operation.completed()) - left, 0.6);
      int line = lanes.get(clients.indexOf(operation.client())).lineY();
      return new Bar(operation.number(), operation.outcome(), percent(left), percent(width), line - 6,
          percent(left + width / 2), line - 10);
    }).toList();
    List<Band> bands = faults.values().stream().map(fault -> {
      double left = position(instants, fault.began());
      double right = fault.ended() < 0 ? 100 : position(instants, fault.ended());
      return new Band(fault.label(), percent(left), percent(Math.max(right - left, 0.4)));
    }).toList();
    return new CounterexampleView(id, example.session(), example.explanation(), steps, lanes, bars, bands,
        HEADER + lanes.size() * LANE_HEIGHT + 4);
  }

  private static double position(TreeSet<Long> instants, long instant) {
    int steps = Math.max(1, instants.size() - 1);
    return MARGIN + (100 - 2 * MARGIN) * instants.headSet(instant).size() / steps;
  }

  private static String percent(double value) {
    return String.format(Locale.ROOT, "%.2f%%", value);
  }
}
