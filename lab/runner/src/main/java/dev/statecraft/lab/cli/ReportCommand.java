package dev.statecraft.lab.cli;

import dev.statecraft.lab.console.ExitCode;
import dev.statecraft.lab.experiment.balancing.BalancingResults;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults;
import dev.statecraft.lab.report.ExperimentResults;
import dev.statecraft.lab.report.ReportOutput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code statecraft report}: prints the table and writes the page again from saved results. */
@Command(name = "report", description = "Writes the report of a comparison again, from its results.json.")
final class ReportCommand extends LabCommand {
  /** The result types of all experiments by schema. */
  static final Map<String, Class<? extends ExperimentResults>> KINDS = Map.of(StrategyResults.SCHEMA,
      StrategyResults.class, BalancingResults.SCHEMA, BalancingResults.class, ConcurrencyResults.SCHEMA,
      ConcurrencyResults.class);

  @Parameters(paramLabel = "DIR", description = "The output directory of a comparison.")
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  @Option(names = "--no-open", description = "Does not open the report in a browser.")
  private boolean noOpen;

  @Override
  public Integer call() throws IOException {
    ReportOutput.rewritePage(directory, KINDS).show(out(), !noOpen);
    return ExitCode.SUCCESS;
  }
}
