package dev.statecraft.lab.report;

import dev.statecraft.lab.report.Results.Counterexample;
import dev.statecraft.lab.report.Results.Run;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One run against each anomaly.
 *
 * @param unseen the anomalies that were not seen, for where the table folds into cards
 */
record VerdictRow(String name, String hue, String looked, List<Cell> cells, String unseen) {

  /**
   * One anomaly of one run.
   *
   * @param allowed whether the strategy documents it
   * @param broken whether it was seen all the same
   * @param proof the id of the first counterexample on the page, or null
   */
  record Cell(String heading, String count, boolean none, boolean allowed, boolean broken, @Nullable String proof) {}

  static VerdictRow of(int index, NamedRun named) {
    Run run = named.run();
    return new VerdictRow(
        named.name(),
        StrategyProfile.of(run.strategy()).hue(),
        Figures.count(run.verdict().operations()),
        Arrays.stream(Anomaly.values()).map(anomaly -> cell(index, run, anomaly)).toList(),
        Figures.enumerated(
            Arrays.stream(Anomaly.values())
                .filter(anomaly -> anomaly.count(run) == 0)
                .map(anomaly -> anomaly.title().toLowerCase(Locale.ROOT))
                .toList()));
  }

  private static Cell cell(int index, Run run, Anomaly anomaly) {
    long count = anomaly.count(run);
    boolean proven = run.counterexamples().stream().map(Counterexample::anomaly).anyMatch(anomaly.field()::equals);
    return new Cell(
        anomaly.title(),
        Figures.count(count),
        count == 0,
        anomaly.allowed(run),
        count > 0 && !anomaly.allowed(run),
        count > 0 && proven ? Proof.id(index, anomaly.field(), 0) : null);
  }

  /** The counterexamples of all runs: some of each kind drawn, for the rest a count. */
  static List<ProofGroup> proofs(List<NamedRun> runs) {
    List<ProofGroup> groups = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      Run run = runs.get(i).run();
      for (String field : run.counterexamples().stream().map(Counterexample::anomaly).distinct().toList()) {
        List<Counterexample> all = run.counterexamples().stream().filter(example -> example.anomaly().equals(field))
            .toList();
        List<Proof> drawn = new ArrayList<>();
        for (Counterexample example : all.subList(0, Math.min(all.size(), ProofGroup.DRAWN))) {
          drawn.add(Proof.of(Proof.id(i, field, drawn.size()), example, run.faults()));
        }
        groups.add(ProofGroup.of(runs.get(i), field, drawn, all.size()));
      }
    }
    return List.copyOf(groups);
  }

  /**
   * The counterexamples of one anomaly in one run.
   *
   * @param rest how many more {@code results.json} has, in words, or null
   */
  record ProofGroup(
      String name, String hue, String anomaly, boolean documented, Proof first, List<Proof> more, boolean several,
      String moreCount, @Nullable String rest) {
    static final int DRAWN = 10;

    static ProofGroup of(NamedRun named, String field, List<Proof> drawn, int all) {
      String counted = Arrays.stream(Anomaly.values())
          .filter(anomaly -> anomaly.field().equals(field))
          .map(anomaly -> anomaly.counted(named.run()))
          .findFirst()
          .orElse(field);
      return new ProofGroup(
          named.name(),
          StrategyProfile.of(named.run().strategy()).hue(),
          counted,
          named.run().allowed().contains(field),
          drawn.getFirst(),
          drawn.subList(1, drawn.size()),
          drawn.size() > 1,
          Figures.count(drawn.size() - 1L),
          all > drawn.size() ? Figures.count(all - drawn.size()) : null);
    }
  }
}
