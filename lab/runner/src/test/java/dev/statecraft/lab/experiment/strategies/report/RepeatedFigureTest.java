package dev.statecraft.lab.experiment.strategies.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.experiment.strategies.report.RepeatedFigure.Ranged;
import dev.statecraft.lab.experiment.strategies.report.Rounds.Spread;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RepeatedFigureTest {
  @Test
  void oneMillisecondMoreIsDifferent() {
    List<String> sentences = RepeatedFigure.sentences(NamedRun.of(SampleResults.repeated()));

    assertThat(sentences).contains("p50: affinity and cookie: no difference (ranges overlap).",
        "p99: affinity and redis: no difference (ranges overlap).");
  }

  @Test
  void disjointRangesAllDiffer() {
    List<NamedRun> runs = NamedRun.of(SampleResults.of(List.of(
        SampleResults.withRounds(SampleResults.redis(), new double[]{3, 4}, new double[]{9, 9}),
        SampleResults.withRounds(SampleResults.cookie(), new double[]{1, 2}, new double[]{9, 9}))));

    assertThat(RepeatedFigure.sentences(runs)).contains("p50: all differ (no ranges overlap).",
        "p99: redis and cookie: no difference (ranges overlap).");
  }

  @Test
  void oneRoundHasNoRange() {
    List<NamedRun> runs = NamedRun.of(SampleResults.of(List.of(
        SampleResults.withRounds(SampleResults.redis(), new double[]{3}, new double[]{9}),
        SampleResults.withRounds(SampleResults.cookie(), new double[]{1}, new double[]{9}))));

    assertThat(RepeatedFigure.sentences(runs)).isEmpty();
  }

  @Test
  void olderFilesHaveNoSentence() {
    assertThat(RepeatedFigure.sentences(NamedRun.of(SampleResults.fourStrategies()))).isEmpty();
  }

  @Test
  void chainOfOverlapsIsTwoGroups() {
    assertThat(RepeatedFigure.overlapping(List.of(new Ranged("a", Spread.of(1, 3)), new Ranged("b", Spread.of(2, 5)),
        new Ranged("c", Spread.of(4, 6))))).containsExactlyInAnyOrder(List.of("a", "b"), List.of("b", "c"));
  }

  @Test
  void medianIsBetweenTheMiddleValues() {
    assertThat(Spread.of(9, 1, 4)).isEqualTo(new Spread(4, 1, 9));
    assertThat(Spread.of(9, 1, 4, 6)).isEqualTo(new Spread(5, 1, 9));
  }

  @Property
  void twoRunsShareAGroupIffTheirRangesOverlap(
      @ForAll @Size(min = 2, max = 8) List<@IntRange(min = 0, max = 20) Integer> from,
      @ForAll @Size(8) List<@IntRange(min = 0, max = 6) Integer> widths) {
    List<Ranged> runs = new ArrayList<>();
    for (int i = 0; i < from.size(); i++) {
      runs.add(new Ranged("run-" + i, Spread.of(from.get(i), from.get(i) + widths.get(i))));
    }
    List<List<String>> groups = RepeatedFigure.overlapping(runs);
    for (Ranged a : runs) {
      for (Ranged b : runs) {
        if (!a.equals(b)) {
          assertThat(groups.stream().anyMatch(group -> group.containsAll(List.of(a.name(), b.name()))))
              .isEqualTo(a.spread().overlaps(b.spread()));
        }
      }
    }
  }

  @Property
  void noGroupIsPartOfAnother(@ForAll @Size(min = 2, max = 8) List<@IntRange(min = 0, max = 9) Integer> from) {
    List<Ranged> runs = new ArrayList<>();
    for (int i = 0; i < from.size(); i++) {
      runs.add(new Ranged("run-" + i, Spread.of(from.get(i), from.get(i) + i % 3)));
    }
    List<List<String>> groups = RepeatedFigure.overlapping(runs);
    for (List<String> a : groups) {
      assertThat(a).hasSizeGreaterThan(1);
      assertThat(groups).noneMatch(b -> !b.equals(a) && b.containsAll(a));
    }
  }
}
