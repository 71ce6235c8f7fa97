package dev.statecraft.lab.command;

import dev.statecraft.lab.report.Comparison;
import dev.statecraft.lab.report.ConsoleTable;
import dev.statecraft.lab.report.HtmlReport;
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
@Command(name = "report", description = "Draws the report of a comparison again, from its results.json.",
    mixinStandardHelpOptions = true)
final class ReportCommand implements Callable<Integer> {
  @Parameters(paramLabel = "DIR", description = "What compare, compare balancing or compare concurrency wrote.")
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
    Comparison results = results();
    Path report = OutputDirectory.create(directory).resolve(HtmlReport.NAME);
    HtmlReport.write(report, results);
    PrintWriter out = spec.commandLine().getOut();
    out.print(results.table(ConsoleTable.colourWanted()));
    out.println();
    out.println("Report  " + report);
    out.flush();
    if (!noOpen) {
      Browser.open(report);
    }
    return 0;
  }

  private Comparison results() {
    try {
      return ResultsFile.read(directory.resolve(ResultsFile.NAME));
    } catch (IOException e) {
      throw new InvalidInput(String.valueOf(e.getMessage()));
    }
  }
}
