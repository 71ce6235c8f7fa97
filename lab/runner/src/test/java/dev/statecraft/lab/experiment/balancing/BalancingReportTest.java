package dev.statecraft.lab.experiment.balancing;

import static dev.statecraft.lab.experiment.balancing.SampleBalancing.run;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BalancingReportTest {
  @Test
  void escapesControlCharactersOfNames() {
    BalancingResults results = SampleBalancing.of(SampleBalancing.run("\u001b[2Jx", 5, 0, null));
    assertThat(BalancingTable.render(results)).doesNotContain("\u001b").contains("?[2Jx");
  }

  @Test
  void marksRulesThatAvoidTheSlowNode() {
    BalancingPage page = BalancingPage.of(
        SampleBalancing.of(run("fair", 4.9, 0, 12.0), run("round-robin", 25, 0, 12.0)));

    assertThat(page.rows()).extracting(BalancingPage.Row::avoidsSlowNode).containsExactly(true, false);
    assertThat(page.findings().getFirst()).isEqualTo(
        "A fair share is 25.0\u00a0% of the requests. Fair sent the slow node less than a fifth of it.");
  }

  @Test
  void answerNamesFastestAndSlowestRule() {
    BalancingPage page = BalancingPage.of(
        SampleBalancing.of(run("round-robin", 25, 0, 12.0), run("fair", 3, 0, 12.0)));

    assertThat(page.answer()).isEqualTo(
        "With one of four nodes 10 times slower, 99 of 100 answers came within 13.0\u00a0ms with fair, and within"
            + " 35.0\u00a0ms with round-robin.");
  }

  @Test
  void tableShowsMissingEjectionAndErrors() {
    String table = BalancingTable.render(SampleBalancing.of(run("ip-hash", 25, 7, null)));

    assertThat(table).contains("never", "7 requests failed, with ip-hash.").doesNotContain("\u00a0");
    assertThat(table.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(120));
  }

  @Test
  void pageShowsEveryRuleAndIsSelfContained() {
    String html = SampleBalancing.of(run("fair", 3, 0, 12.0), run("<script>", 25, 0, 12.0)).page();

    assertThat(html).contains("fair", "&lt;script&gt;", "width: 3.00%", "id=\"changes\"");
    assertThat(html).doesNotContain("<script>:").doesNotContainPattern("(src|href)=\"(https?:)?//");
  }

  @Test
  void showsGreyFailuresOfEachRule() {
    BalancingResults results = SampleBalancing.of(SampleBalancing.grey("fair", 25, 5_100.0),
        SampleBalancing.grey("round-robin", 50, null));
    String table = BalancingTable.render(results);
    assertThat(table).containsPattern("fair +errors +2.50 % +11.0 +20.0 +190 +12.5 % +5.10 s")
        .containsPattern("round-robin +errors +5.00 % .* never")
        .contains(
            "One node answered one request in five with 500: at most 5.00 % of requests failed; ejected with 1 of 2"
                + " rules.");
    assertThat(table.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(120));
    assertThat(results.page()).contains("id=\"grey\"", "Attempts at it");
  }

  @Test
  void saysThatNoRequestFailed() {
    assertThat(BalancingTable.render(SampleBalancing.of(SampleBalancing.grey("fair", 0, 5_100.0))))
        .contains("One node answered one request in five with 500: no request failed; ejected with 1 of 1 rule.");
  }

  @Test
  void leavesOutGreyFailuresThatWereNotMeasured() {
    BalancingResults results = SampleBalancing.of(run("fair", 3, 0, 12.0));
    assertThat(results.page()).doesNotContain("id=\"grey\"");
    assertThat(BalancingTable.render(results)).doesNotContain("Failing node");
  }

  @Test
  void reportsThatNothingWasMeasured() {
    assertThat(SampleBalancing.of().page()).contains("No rule was measured.");
    assertThat(BalancingTable.render(SampleBalancing.of())).contains("No rule had a good answer.");
  }
}
