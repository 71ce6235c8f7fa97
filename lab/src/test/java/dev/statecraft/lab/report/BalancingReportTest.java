package dev.statecraft.lab.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.report.BalancingResults.Changing;
import dev.statecraft.lab.report.BalancingResults.Run;
import dev.statecraft.lab.report.BalancingResults.Setup;
import dev.statecraft.lab.report.BalancingResults.Share;
import dev.statecraft.lab.report.BalancingResults.Steady;
import dev.statecraft.lab.report.Results.Latency;
import dev.statecraft.lab.report.Results.Machine;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jspecify.annotations.Nullable;

class BalancingReportTest {
  private static final Setup SETUP = new Setup(4, "slow", 10, 10, 200, 8, 8);

  @Test
  void sparedIsWhoGotLessThanAFifthOfAFairShare() {
    BalancingPage page = BalancingPage.of(results(run("fair", 4.9, 0, 12.0), run("round-robin", 25, 0, 12.0)));

    assertThat(page.rows()).extracting(BalancingPage.Row::spared).containsExactly(true, false);
    assertThat(page.findings().getFirst()).isEqualTo(
        "A fair share is 25.0\u00a0% of the requests. Fair sent the slow node less than a fifth of it.");
  }

  @Test
  void answerNamesTheQuickestAndTheSlowestRule() {
    assertThat(BalancingPage.of(results(run("round-robin", 25, 0, 12.0), run("fair", 3, 0, 12.0))).answer()).isEqualTo(
        "With one of four nodes 10 times slower, 99 of 100 answers came within 13.0\u00a0ms by fair, and within"
            + " 35.0\u00a0ms by round-robin.");
  }

  @Test
  void aNodeThatWasNeverEjectedAndErrorsAreSaid() {
    String table = BalancingReport.table(results(run("ip-hash", 25, 7, null)));

    assertThat(table).contains("never", "7 requests failed, by ip-hash.").doesNotContain("\u00a0");
    assertThat(table.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(120));
  }

  @Test
  void pageShowsEveryRuleAndLoadsNothing() {
    String html = BalancingReport.render(results(run("fair", 3, 0, 12.0), run("<script>", 25, 0, 12.0)));

    assertThat(html).contains("fair", "&lt;script&gt;", "width: 3.00%", "id=\"changes\"");
    assertThat(html).doesNotContain("<script>:").doesNotContainPattern("(src|href)=\"(https?:)?//");
  }

  @Test
  void withNoRunsItSaysSo() {
    assertThat(BalancingReport.render(results())).contains("No rule was measured.");
    assertThat(BalancingReport.table(results())).contains("No rule had a good answer.");
  }

  @Test
  void whatIsWrittenIsReadAgain(@TempDir Path directory) throws Exception {
    Path file = directory.resolve(ResultsFile.NAME);
    BalancingResults written = results(run("fair", 3, 0, null));
    ResultsFile.write(file, written);

    assertThat(ResultsFile.schema(file)).isEqualTo("statecraft/balancing/1");
    assertThat(ResultsFile.read(file, BalancingResults.SCHEMA, BalancingResults.class)).isEqualTo(written);
  }

  private static BalancingResults results(Run... runs) {
    return new BalancingResults(
        BalancingResults.SCHEMA, Instant.parse("2026-01-02T03:04:05Z"), "./statecraft compare balancing --seed 7", 7,
        new Machine("Linux", 2, 8L << 30, "25"), SETUP, List.of(runs));
  }

  private static Run run(String rule, double slowPercent, long errors, @Nullable Double ejected) {
    double rest = (100 - slowPercent) / 3;
    List<Share> shares = List.of(
        new Share("slow", 1, slowPercent), new Share("node-2", 1, rest), new Share("node-3", 1, rest),
        new Share("node-4", 1, rest));
    return new Run(
        rule, new Steady(1_600, 0, 200, new Latency(11, 10 + slowPercent, 100, 120), shares),
        new Changing(1_600, errors, 199, new Latency(11, 20, 110, 130), "node-4", "node-5", ejected, 480.0, 3, 0.19));
  }
}
