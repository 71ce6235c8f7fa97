package dev.statecraft.lab.cli;

import dev.statecraft.lab.console.InvalidInput;
import dev.statecraft.lab.console.OutputDirectory;
import dev.statecraft.lab.console.ReportOpener;
import dev.statecraft.lab.experiment.balancing.BalancingResults;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults;
import dev.statecraft.lab.experiment.strategies.report.StrategyTable;
import dev.statecraft.lab.report.ExperimentResults;
import dev.statecraft.lab.report.HtmlReport;
import dev.statecraft.lab.report.ResultsFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
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
  /** The results of every experiment, by their schema. */
  static final Map<String, Class<? extends ExperimentResults>> KINDS = Map.of(
      StrategyResults.SCHEMA, StrategyResults.class, BalancingResults.SCHEMA, BalancingResults.class,
      ConcurrencyResults.SCHEMA, ConcurrencyResults.class);

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
    ExperimentResults results = results();
    Path report = OutputDirectory.create(directory).resolve(HtmlReport.NAME);
    HtmlReport.write(report, results);
    PrintWriter out = spec.commandLine().getOut();
    out.print(results.table(StrategyTable.colourWanted()));
    out.println();
    out.println("Report  " + report);
    out.flush();
    if (!noOpen) {
      ReportOpener.open(report);
    }
    return 0;
  }

  private ExperimentResults results() {
    try {
      return ResultsFile.read(directory.resolve(ResultsFile.NAME), KINDS);
    } catch (IOException e) {
      throw new InvalidInput(String.valueOf(e.getMessage()));
    }
  }
}
