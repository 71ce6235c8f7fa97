package dev.statecraft.lab.experiment.strategies.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.experiment.strategies.report.StrategyResults.FaultResult;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults.Run;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StrategyTableTest {
  @Test
  void eachStrategyHasOneAlignedRow() {
    List<String> lines = StrategyTable.render(SampleResults.fourStrategies(), false).lines().toList();
    assertThat(lines.get(1)).matches("Strategy +guarantee +Lost +ms +ms +answers/s +Errors +recovered +median, worst");
    assertThat(lines.get(3)).matches(
        "affinity +yes +41 sessions +1\\.81 +14\\.2 +\\d+ +\\d\\.\\d\\d % +never +1\\.90 s");
    assertThat(lines.get(4)).matches("redis +yes +nothing +2\\.60 +16\\.9 .* 41\\.2 ms +33\\.7 ms");
    assertThat(lines.get(5)).startsWith("replicated ");
    assertThat(lines.get(6)).startsWith("cookie ");
    assertThat(lines.subList(2, 7)).extracting(String::length).containsOnly(lines.get(2).length());
  }

  @Test
  void roundsShowMedianRangeAndDifferences() {
    String text = StrategyTable.render(SampleResults.repeated(), false);
    assertThat(text).containsPattern("redis +2\\.80 \\(2\\.70 to 2\\.90\\) +13\\.0 \\(12\\.5 to 15\\.0\\) +1,353 ");
    assertThat(text).contains(
        "Median (lowest to highest) of 3 rounds of 6.00 s without faults, the strategies in turn.",
        "p50: affinity and cookie: no difference (ranges overlap).");
    assertThat(text.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(120));
  }

  @Test
  void severalFaultsShowMedianAndWorst() {
    List<FaultResult> kills = Stream.of(40.0, 900.0, 30.0, 70.0)
        .map(disturbed -> new FaultResult("kill", "redis-1", 1_000, 2_000L, 5.0, 6.0, 7.0, 8.0, 9.0, disturbed))
        .toList();
    String text = StrategyTable.render(SampleResults.of(List.of(SampleResults.with(SampleResults.redis(), kills))),
        false);
    assertThat(text).containsPattern("redis .* +55\\.0 ms, 900 ms");
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
    assertThat(text).containsPattern("redis +yes +unknown +- +- +0 +100 % +never +-");
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
