package dev.statecraft.lab.experiment.strategies.report;

import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults.Counterexample;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults.Run;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults.SessionVerdict;
import dev.statecraft.lab.report.NumberFormats;
import dev.statecraft.lab.strategy.StrategyProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The counts of anomalies: one row per anomaly, one column per run. */
record VerdictTable(List<Column> columns, List<Group> groups, int width) {
  private static final String NOT_CHECKED = "–";

  record Column(String name, String hue) {}

  record Group(String title, List<Row> rows) {}

  /** An anomaly, or the number of checked objects. */
  record Row(String title, List<Cell> cells) {}

  /** One anomaly of one run; {@code broken} if it was observed although the strategy does not document it. */
  record Cell(String text, boolean none, boolean allowed, boolean broken, @Nullable String counterexample) {
    static Cell plain(String text) {
      return new Cell(text, false, false, false, null);
    }
  }

  static VerdictTable of(List<NamedRun> runs) {
    List<Column> columns = runs.stream()
        .map(named -> new Column(named.name(), StrategyProfile.of(named.run().strategy()).hue())).toList();
    List<Group> groups = List.of(new Group("Checked", checked(runs)),
        group("Carts", AnomalyKind.LOST_ACKNOWLEDGED_WRITE, AnomalyKind.ORDER_DISAGREEMENT, runs),
        group("Whole sessions", AnomalyKind.NOT_LINEARIZABLE, AnomalyKind.NOT_LINEARIZABLE, runs),
        group("Guarantees of each client", AnomalyKind.READ_YOUR_WRITES, AnomalyKind.LOST_UPDATE, runs),
        group("Ends of sessions", AnomalyKind.RESURRECTION, AnomalyKind.ALIVE_AFTER_EXPIRY, runs),
        group("Checkouts", AnomalyKind.FORBIDDEN_TRANSITION, AnomalyKind.REPEATED_STEP, runs));
    return new VerdictTable(columns, groups, columns.size() + 1);
  }

  private static List<Row> checked(List<NamedRun> runs) {
    return List.of(plain("Operations", runs, run -> run.verdict().operations()),
        plain("Sessions searched for a linearization", runs, run -> searched(run, SessionVerdict::searched)),
        plain("Undecided within the search bound", runs, run -> searched(run, SessionVerdict::undecided)),
        plain("Checkout steps", runs,
            run -> run.checkoutVerdict() == null ? null : Long.valueOf(run.checkoutVerdict().steps())));
  }

  private static @Nullable Long searched(Run run, Function<SessionVerdict, Long> count) {
    return run.sessionVerdict() == null ? null : count.apply(run.sessionVerdict());
  }

  private static Row plain(String title, List<NamedRun> runs, Function<Run, @Nullable Long> count) {
    return new Row(title, runs.stream().map(named -> {
      Long counted = count.apply(named.run());
      return Cell.plain(counted == null ? NOT_CHECKED : NumberFormats.count(counted));
    }).toList());
  }

  private static Group group(String title, AnomalyKind first, AnomalyKind last, List<NamedRun> runs) {
    List<Row> rows = new ArrayList<>();
    for (AnomalyCount anomaly : AnomalyCount.range(first, last)) {
      List<Cell> cells = new ArrayList<>();
      for (int i = 0; i < runs.size(); i++) {
        cells.add(cell(i, runs.get(i).run(), anomaly));
      }
      rows.add(new Row(anomaly.title(), cells));
    }
    return new Group(title, rows);
  }

  private static Cell cell(int index, Run run, AnomalyCount anomaly) {
    if (!anomaly.checked(run)) {
      return new Cell(NOT_CHECKED, true, false, false, null);
    }
    long count = anomaly.count(run);
    boolean hasCounterexample = run.counterexamples().stream().map(Counterexample::anomaly)
        .anyMatch(anomaly.field()::equals);
    return new Cell(NumberFormats.count(count), count == 0, anomaly.allowed(run), count > 0 && !anomaly.allowed(run),
        count > 0 && hasCounterexample ? CounterexampleView.id(index, anomaly.field(), 0) : null);
  }
}
