package dev.statecraft.lab.experiment.concurrency;

import static dev.statecraft.lab.experiment.concurrency.SampleConcurrency.past;
import static dev.statecraft.lab.experiment.concurrency.SampleConcurrency.series;
import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.Processors;
import dev.statecraft.lab.report.ResultsFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ConcurrencyReportTest {
  private static final ConcurrencyResults RESULTS = SampleConcurrency.of(
      series("iterative", "wait", 8, null), series("pool", "wait", 1_000, null),
      series("virtual-threads", "wait", 2_000, past(2_500, 700, 12.0)),
      series("pool", "cpu", 900, past(950, 40, 8.0)));

  @Test
  void answerRanksTheModelsByWhatTheyKept() {
    assertThat(RESULTS.page()).contains(
        "With 100 ms of waiting, virtual-threads kept 2,000, pool kept 1,000 and iterative kept 8.00 requests a"
            + " second.",
        "With 1 ms of calculation, pool kept 900.");
  }

  @Test
  void pageShowsAChartAndATableForEachKindOfWork() {
    assertThat(RESULTS.page()).contains("id=\"latency-wait\"", "id=\"latency-cpu\"",
        "\"kind\":\"curves\"", "told 503", "70.0", "Out of this machine", "sequential");
  }

  @Test
  void pageSaysWhoHadWhichProcessors() {
    assertThat(RESULTS.page()).contains("2 cores that service and load share");
    assertThat(SampleConcurrency.of(new Processors(2, 1, 1)).page())
        .contains("2 cores (one for the service, one for the load)");
  }

  @Test
  void pageWithNothingMeasuredSaysSo() {
    assertThat(SampleConcurrency.of().page()).contains("Nothing was measured.");
  }

  @Test
  void textOfTheResultsIsNeverMarkup() {
    assertThat(SampleConcurrency.of(series("<b>", "wait", 1, null)).page()).doesNotContain("<b>");
  }

  @Test
  void namesCannotSteerTheTerminal() {
    assertThat(ConcurrencyTable.render(SampleConcurrency.of(series("\u001b[2Jx", "\u001b[2Jy", 1, null))))
        .doesNotContain("\u001b").contains("?[2Jx", "?[2Jy");
  }

  @Test
  void tableSaysWhatTheReportSays() {
    assertThat(ConcurrencyTable.render(RESULTS)).contains("100 ms of waiting", "virtual-threads", "2,000", "EXPLAINED",
        "UNMEASURED");
  }

  @Test
  void fileCarriesItsSchemaAndEveryRung(@TempDir Path directory) throws Exception {
    Path file = directory.resolve(ResultsFile.NAME);
    ResultsFile.write(file, RESULTS);
    JsonNode written = JsonMapper.shared().readTree(Files.readString(file));
    assertThat(written.get("schema").asString()).isEqualTo("statecraft/concurrency/1");
    assertThat(written.get("series").get(2).get("rungs").get(1).get("offeredPerSecond").asDouble()).isEqualTo(2_000);
    assertThat(written.get("series").get(2).get("past").get("refused").asLong()).isEqualTo(700);
  }
}
