package dev.statecraft.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.console.TerminalText;
import dev.statecraft.lab.report.ExperimentResults;
import dev.statecraft.lab.report.HtmlReport;
import dev.statecraft.lab.report.ResultsFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReportCommandTest {
  private static final String EVERY_KIND = "dev.statecraft.lab.experiment.strategies.report"
      + ".SampleComparisons#ofEveryKind";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir
  private Path directory;

  @ParameterizedTest
  @MethodSource(EVERY_KIND)
  void reproducesThePageByteByByte(ExperimentResults results) throws IOException {
    ResultsFile.write(file(), results);
    HtmlReport.write(page(), results);
    byte[] first = Files.readAllBytes(page());
    Files.delete(page());

    assertThat(report()).isZero();

    assertThat(page()).hasBinaryContent(first);
    assertThat(out.toString()).startsWith(results.table(TerminalText.colourWanted())).contains("Report  " + page());
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void rejectsUnknownSchemaInOneLine() throws IOException {
    Files.writeString(file(), "{\"schema\": \"statecraft/weather/1\"}");

    assertRefused("has the unsupported schema 'statecraft/weather/1'; supported are statecraft/balancing/1");
  }

  @ParameterizedTest
  @MethodSource(EVERY_KIND)
  void rejectsDamagedFileInOneLine(ExperimentResults results) throws IOException {
    ResultsFile.write(file(), results);
    String whole = Files.readString(file());
    Files.writeString(file(), whole.substring(0, whole.length() / 2));

    assertRefused(file() + " is damaged at line ");
  }

  /** Also asserts that the existing page is unchanged. */
  private void assertRefused(String reason) throws IOException {
    Files.writeString(page(), "existing page");

    assertThat(report()).isEqualTo(2);

    assertThat(err.toString()).startsWith("statecraft: ").contains(reason).endsWith("\n").containsOnlyOnce("\n");
    assertThat(out.toString()).isEmpty();
    assertThat(page()).hasContent("existing page");
  }

  private Path file() {
    return directory.resolve(ResultsFile.NAME);
  }

  private Path page() {
    return directory.resolve(HtmlReport.NAME);
  }

  private int report() {
    return StatecraftCommand.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
        .execute("report", directory.toString(), "--no-open");
  }
}
