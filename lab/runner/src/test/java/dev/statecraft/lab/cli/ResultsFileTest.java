package dev.statecraft.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.statecraft.lab.experiment.concurrency.SampleConcurrency;
import dev.statecraft.lab.experiment.strategies.report.SampleComparisons;
import dev.statecraft.lab.experiment.strategies.report.SampleResults;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults;
import dev.statecraft.lab.report.ExperimentResults;
import dev.statecraft.lab.report.ResultsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ResultsFileTest {
  @TempDir
  private Path directory;

  @ParameterizedTest
  @MethodSource("dev.statecraft.lab.experiment.strategies.report.SampleComparisons#ofEveryKind")
  void readsBackWhatItWrote(ExperimentResults written) throws IOException {
    ResultsFile.write(file(), written);
    assertThat(ResultsFile.read(file(), ReportCommand.KINDS)).isEqualTo(written);
  }

  @Test
  void readsResultsOfEveryExperiment() {
    assertThat(SampleComparisons.ofEveryKind().map(Object::getClass))
        .containsExactlyInAnyOrderElementsOf(ReportCommand.KINDS.values());
  }

  @Test
  void writesFieldsInRecordOrderOnePerLine() throws IOException {
    ResultsFile.write(file(), SampleResults.fourStrategies());
    assertThat(Files.readAllLines(file())).element(1).asString().contains("\"schema\" : \"statecraft/results/1\"");
    assertThat(Files.readString(file())).containsSubsequence(
        "\"schema\"",
        "\"startedAt\" : \"2026-03-14T09:26:53Z\"",
        "\"seed\"",
        "\"machine\"",
        "\"runs\"",
        "\"strategy\" : \"affinity\"",
        "\"p50\" : 1.8134",
        "\"stateRecoveredMillis\" : null");
  }

  @Test
  void replacesFileWithoutLeavingPartFile() throws IOException {
    ResultsFile.write(file(), SampleResults.of(List.of()));
    ResultsFile.write(file(), SampleResults.fourStrategies());
    assertThat(ResultsFile.read(file(), ReportCommand.KINDS)).isEqualTo(SampleResults.fourStrategies());
    assertThat(directory).isDirectoryContaining("glob:**results.json").isDirectoryNotContaining("glob:**.part");
  }

  @Test
  void ignoresFieldsOfLaterVersions() throws IOException {
    ResultsFile.write(file(), SampleResults.fourStrategies());
    replace("\"seed\" : 42", "\"seed\" : 42, \"weather\" : {\"rain\" : true}");
    assertThat(ResultsFile.read(file(), ReportCommand.KINDS)).isEqualTo(SampleResults.fourStrategies());
  }

  @Test
  void readsFileWithoutSessionVerdict() throws IOException {
    ResultsFile.write(file(), SampleResults.of(List.of(SampleResults.redis())));
    replace("sessionVerdict", "somethingElse");
    StrategyResults.Run run = ((StrategyResults) ResultsFile.read(file(), ReportCommand.KINDS)).runs().getFirst();
    assertThat(run.sessionVerdict()).isNull();
  }

  @Test
  void readsBackRounds() throws IOException {
    ResultsFile.write(file(), SampleResults.repeated());
    assertThat(ResultsFile.read(file(), ReportCommand.KINDS)).isEqualTo(SampleResults.repeated());
  }

  @Test
  void readsFileWithoutRounds() throws IOException {
    ResultsFile.write(file(), SampleResults.of(List.of(SampleResults.repeated().runs().getFirst())));
    replace("\"rounds\"", "\"somethingElse\"");
    StrategyResults.Run run = ((StrategyResults) ResultsFile.read(file(), ReportCommand.KINDS)).runs().getFirst();
    assertThat(run.rounds()).isNull();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
    "\"seed\" : 42         | \"seed\" : 4,2        | at line 5, column ",
    "statecraft/results/1  | statecraft/results/9  | has the unsupported schema 'statecraft/results/9'",
    "\"schema\"            | \"scheme\"            | has no schema",
    "\"seed\" : 42         | \"seed\" : \"forty\"  | 'seed' is missing or has the wrong type",
    "\"requests\" : 6000   | \"request\" : 6000    | 'runs[0].requests' is missing",
    "\"verdict\"           | \"verdicts\"          | 'runs[0].verdict' is missing",
    "\"allowed\"           | \"denied\"            | 'runs[0].allowed' is missing",
    "\"lostSessions\", \"lostItems\" | null        | 'runs[0].allowed[0]' is missing",
  })
  void reportsDamagedFileInOneSentence(String found, String replacement, String reason) throws IOException {
    ResultsFile.write(file(), SampleResults.fourStrategies());
    replace(found, replacement);
    assertThatThrownBy(() -> ResultsFile.read(file(), ReportCommand.KINDS)).isInstanceOf(IOException.class)
        .hasMessageContaining(file().toString())
        .hasMessageContaining(reason)
        .hasMessageMatching("[^\\n]*\\.");
  }

  @Test
  void reportsPathOfMissingList() throws IOException {
    ResultsFile.write(file(), SampleConcurrency.of(SampleConcurrency.series("pool", "wait", 10, null)));
    replace("\"rungs\"", "\"rings\"");
    assertThatThrownBy(() -> ResultsFile.read(file(), ReportCommand.KINDS)).isInstanceOf(IOException.class)
        .hasMessageContaining("series[0]");
  }

  @Test
  void reportsMissingTruncatedAndBinaryFiles() throws IOException {
    assertThatThrownBy(() -> ResultsFile.read(file(), ReportCommand.KINDS)).isInstanceOf(IOException.class)
        .hasMessage(file() + " does not exist.");
    ResultsFile.write(file(), SampleResults.fourStrategies());
    Files.writeString(file(), Files.readString(file()).substring(0, 700));
    assertThatThrownBy(() -> ResultsFile.read(file(), ReportCommand.KINDS))
        .hasMessageContaining(file() + " is damaged at line ");
    Files.write(file(), new byte[]{(byte) 0xff, (byte) 0xfe, 0});
    assertThatThrownBy(() -> ResultsFile.read(file(), ReportCommand.KINDS))
        .hasMessageContaining(file() + " cannot be read as UTF-8 text");
    Files.writeString(file(), "");
    assertThatThrownBy(() -> ResultsFile.read(file(), ReportCommand.KINDS)).hasMessageContaining(file().toString());
  }

  private Path file() {
    return directory.resolve(ResultsFile.NAME);
  }

  private void replace(String found, String replacement) throws IOException {
    String text = Files.readString(file());
    assertThat(text).contains(found);
    int at = text.indexOf(found);
    Files.writeString(file(), text.substring(0, at) + replacement + text.substring(at + found.length()));
  }
}
