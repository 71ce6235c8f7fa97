package dev.statecraft.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.report.Bundle;
import dev.statecraft.lab.report.HtmlReport;
import dev.statecraft.lab.report.ResultsFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks and reports the histories and results that an earlier version recorded. */
class RecordedResultsTest {
  private static final Path RECORDED = Path.of("src", "test", "resources", "recorded");

  private final StringWriter out = new StringWriter();

  @TempDir
  private Path directory;

  @ParameterizedTest
  @CsvSource({"races, 0", "checkout, 0", "broken, 1"})
  void recordedHistoriesHaveTheSameVerdicts(String name, int exitCode) throws IOException {
    assertThat(execute("check", RECORDED.resolve(name + ".zip"))).isEqualTo(exitCode);
    // The explanations may change.
    assertThat(out.toString().lines().filter(line -> !line.startsWith("  ") || line.startsWith("    {")))
        .containsExactlyElementsOf(Files.readAllLines(RECORDED.resolve(name + "-verdicts.txt")));
  }

  @Test
  void reportsRecordedStrategies() throws IOException {
    Bundle.restore(RECORDED.resolve("races.zip"), directory);
    assertThat(report("races")).contains("lostSessions", "lostAcknowledgedWrites").doesNotContain("Without faults");
  }

  @ParameterizedTest
  @ValueSource(strings = {"balancing", "concurrency"})
  void reportsRecordedExperiments(String name) throws IOException {
    Files.copy(RECORDED.resolve(name).resolve(ResultsFile.NAME), directory.resolve(ResultsFile.NAME));
    assertThat(report(name)).contains("<table");
  }

  private String report(String name) throws IOException {
    assertThat(execute("report", directory, "--no-open")).isZero();
    // The column widths may change.
    assertThat(out.toString().lines().map(line -> line.replaceAll(" +", " ")))
        .containsAll(Files.readAllLines(RECORDED.resolve(name + "-rows.txt")));
    return Files.readString(directory.resolve(HtmlReport.NAME));
  }

  private int execute(Object... arguments) {
    return StatecraftCommand.commandLine(new PrintWriter(out, true), new PrintWriter(new StringWriter(), true))
        .execute(Stream.of(arguments).map(Object::toString).toArray(String[]::new));
  }
}
