package dev.statecraft.lab.command;

import dev.statecraft.lab.report.BalancingReport;
import dev.statecraft.lab.report.BalancingResults;
import dev.statecraft.lab.report.ConsoleTable;
import dev.statecraft.lab.report.HtmlReport;
import dev.statecraft.lab.report.Results;
import dev.statecraft.lab.report.ResultsFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code statecraft report}: the table and the page once more, from what was measured then. */
@Command(name = "report", description = "Draws the report of a comparison again, from its results.json.", mixinStandardHelpOptions = true)
final class ReportCommand implements Callable<Integer> {
  @Parameters(paramLabel = "DIR", description = "What compare wrote.")
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  @Option(names = "--no-open", description = "Does not open the report in a browser.")
  private boolean noOpen;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  ReportCommand() {}

  @Override
  public Integer call() throws IOException {
    Path file = directory.resolve(ResultsFile.NAME);
    String table;
    Path report;
    if (schema(file).equals(BalancingResults.SCHEMA)) {
      BalancingResults results = read(() -> ResultsFile.read(file, BalancingResults.SCHEMA, BalancingResults.class));
      report = OutputDirectory.create(directory).resolve(BalancingReport.NAME);
      BalancingReport.write(report, results);
      table = BalancingReport.table(results);
    } else {
      Results results = read(() -> ResultsFile.read(file));
      report = OutputDirectory.create(directory).resolve(HtmlReport.NAME);
      HtmlReport.write(report, results);
      table = ConsoleTable.render(results, ConsoleTable.colourWanted());
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(table);
    out.println();
    out.println("Report  " + report);
    out.flush();
    if (!noOpen) {
      Browser.open(report);
    }
    return 0;
  }

  private static String schema(Path file) {
    return read(() -> ResultsFile.schema(file));
  }

  private static <T> T read(Reading<T> reading) {
    try {
      return reading.read();
    } catch (IOException e) {
      throw new BadInput(String.valueOf(e.getMessage()));
    }
  }

  private interface Reading<T> {
    T read() throws IOException;
  }
}
