package dev.statecraft.lab.experiment.strategies.report;

import dev.statecraft.lab.experiment.strategies.report.StrategyResults.Counterexample;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults.Run;
import dev.statecraft.lab.report.NumberFormats;
import dev.statecraft.lab.strategy.StrategyProfile;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The counterexamples of one anomaly in one run; {@code rest} counts those only in {@code results.json}. */
record CounterexampleGroup(String name, String hue, String anomaly, boolean documented, CounterexampleView first,
    List<CounterexampleView> more, boolean several, String moreCount, @Nullable String rest) {
  private static final int MAX_DRAWN = 10;

  /** The counterexamples of all runs, at most {@link #MAX_DRAWN} per anomaly and run. */
  static List<CounterexampleGroup> of(List<NamedRun> runs) {
    List<CounterexampleGroup> groups = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      Run run = runs.get(i).run();
      for (String field : run.counterexamples().stream().map(Counterexample::anomaly).distinct().toList()) {
        List<Counterexample> all = run.counterexamples().stream().filter(example -> example.anomaly().equals(field))
            .toList();
        List<CounterexampleView> drawn = new ArrayList<>();
        for (Counterexample example : all.subList(0, Math.min(all.size(), MAX_DRAWN))) {
          drawn.add(CounterexampleView.of(CounterexampleView.id(i, field, drawn.size()), example, run.faults()));
        }
        groups.add(of(runs.get(i), field, drawn, all.size()));
      }
    }
    return List.copyOf(groups);
  }

  private static CounterexampleGroup of(NamedRun named, String field, List<CounterexampleView> drawn, int all) {
    String counted = AnomalyCount.all().stream().filter(anomaly -> anomaly.field().equals(field))
        .map(anomaly -> anomaly.counted(named.run())).findFirst().orElse(field);
    return new CounterexampleGroup(named.name(), StrategyProfile.of(named.run().strategy()).hue(), counted,
        named.run().allowed().contains(field), drawn.getFirst(), drawn.subList(1, drawn.size()), drawn.size() > 1,
        NumberFormats.count(drawn.size() - 1L), all > drawn.size() ? NumberFormats.count(all - drawn.size()) : null);
  }
}
