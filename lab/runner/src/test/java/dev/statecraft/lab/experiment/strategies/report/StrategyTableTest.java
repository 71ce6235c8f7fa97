package dev.statecraft.lab.experiment.strategies.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.experiment.strategies.report.StrategyResults.Run;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StrategyTableTest {
  @Test
  void eachStrategyHasOneAlignedRow() {
    List<String> lines = StrategyTable.render(SampleResults.fourStrategies(), false).lines().toList();
    assertThat(lines.get(3)).matches(
        "affinity +yes +41 sessions +1\\.81 +14\\.2 +88\\.5 +\\d+ +\\d\\.\\d\\d % +212 ms +never");
    assertThat(lines.get(4)).matches("redis +yes +nothing +2\\.60 +16\\.9 +61\\.2 .* 35\\.8 ms +41\\.2 ms");
    assertThat(lines.get(5)).startsWith("replicated ");
    assertThat(lines.get(6)).startsWith("cookie ");
    assertThat(lines.subList(2, 7)).extracting(String::length).containsOnly(lines.get(2).length());
  }

  @Test
  void isAtMost120ColumnsWide() {
    List<Run> runs = new ArrayList<>();
    for (String reads : List.of("linearizable", "session", "local",
        "an-extremely-long-name-of-a-read-guarantee")) {
      Run run = SampleResults.replicated(reads);
      runs.add(SampleResults.with(run, new Verdict(7_412, 1_234_567, 1_234_567, 0, 0, 0, 0, 0, 0), false, List.of()));
    }
    String text = StrategyTable.render(SampleResults.of(runs), false);
    assertThat(text.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(120));
  }

  @Test
  void plainTextIsPrintableAscii() {
    assertThat(StrategyTable.render(SampleResults.fourStrategies(), false)).matches("[\\x20-\\x7e\\n]+");
  }

  @Test
  void colourChangesNoText() {
    String plain = StrategyTable.render(SampleResults.fourStrategies(), false);
    String coloured = StrategyTable.render(SampleResults.fourStrategies(), true);
    assertThat(coloured).isNotEqualTo(plain);
    assertThat(coloured.replaceAll("\u001b\\[[0-9;]*m", "")).isEqualTo(plain);
  }

  @Test
  void escapesControlCharactersOfNames() {
    StrategyResults results = SampleResults
        .of(List.of(SampleResults.replicated("\u001b[2Jx"), SampleResults.replicated("y")));
    assertThat(StrategyTable.render(results, false)).doesNotContain("\u001b").contains("replicated (?[2Jx)");
  }

  @Test
  void unansweredRunHasNoFigures() {
    String text = StrategyTable.render(SampleResults.of(List.of(SampleResults.unanswered())), false);
    assertThat(text).containsPattern("redis +yes +unknown +- +- +- +0 +100 % +never +never");
    assertThat(text).contains("Redis gave no good answer, so that losses are unknown.");
  }

  @Test
  void showsBrokenGuarantee() {
    Run broken = SampleResults.with(SampleResults.replicated(null), new Verdict(7_412, 2, 0, 0, 1, 0, 0, 0, 0), false,
        List.of());
    String text = StrategyTable.render(SampleResults.of(List.of(broken, SampleResults.cookie())), false);
    assertThat(text).containsPattern("replicated +NO +2 writes")
        .contains("Replicated broke its documented guarantee (2 lost acknowledged writes and 1 stale read);")
        .contains("the others kept theirs.");
  }
}
