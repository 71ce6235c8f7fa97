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
  void answerRanksModelsBySustainedRate() {
    assertThat(RESULTS.page()).contains(
        "With 100 ms of waiting, virtual-threads sustained 2,000, pool sustained 1,000 and iterative sustained 8.00"
            + " requests per second.",
        "With 1 ms of calculation, pool sustained 900.");
  }

  @Test
  void pageHasChartAndTablePerWorkload() {
    assertThat(RESULTS.page()).contains("id=\"latency-wait\"", "id=\"latency-cpu\"",
        "\"kind\":\"curves\"", "rejected<br>(503)", "70.0", "Beyond this machine", "sequential");
  }

  @Test
  void pageShowsDivisionOfCpus() {
    assertThat(RESULTS.page()).contains("2 cores shared by service and load generator");
    assertThat(SampleConcurrency.of(new Processors(2, 1, 1)).page())
        .contains("2 cores (one for the service, one for the load generator)");
  }

  @Test
  void reportsThatNothingWasMeasured() {
    assertThat(SampleConcurrency.of().page()).contains("Nothing was measured.");
  }

  @Test
  void escapesMarkupInResults() {
    assertThat(SampleConcurrency.of(series("<b>", "wait", 1, null)).page()).doesNotContain("<b>");
  }

  @Test
  void escapesControlCharactersOfNames() {
    assertThat(ConcurrencyTable.render(SampleConcurrency.of(series("\u001b[2Jx", "\u001b[2Jy", 1, null))))
        .doesNotContain("\u001b").contains("?[2Jx", "?[2Jy");
  }

  @Test
  void tableShowsModelsAndClaims() {
    assertThat(ConcurrencyTable.render(RESULTS)).contains("100 ms of waiting", "virtual-threads", "2,000", "EXPLAINED",
        "UNMEASURED");
  }

  @Test
  void fileHasSchemaAndEveryStep(@TempDir Path directory) throws Exception {
    Path file = directory.resolve(ResultsFile.NAME);
    ResultsFile.write(file, RESULTS);
    JsonNode written = JsonMapper.shared().readTree(Files.readString(file));
    assertThat(written.get("schema").asString()).isEqualTo("statecraft/concurrency/1");
    assertThat(written.get("room").asInt()).isEqualTo(SampleConcurrency.MAX_IN_FLIGHT);
    assertThat(written.get("series").get(2).get("rungs").get(1).get("offeredPerSecond").asDouble()).isEqualTo(2_000);
    assertThat(written.get("series").get(2).get("past").get("refused").asLong()).isEqualTo(700);
  }
}
