package dev.statecraft.lab.cli;

import dev.statecraft.lab.console.ExitCode;
import dev.statecraft.lab.console.OutputDirectory;
import dev.statecraft.lab.console.Progress;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyComparison;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyPlan;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults;
import dev.statecraft.lab.report.ReportOutput;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code statecraft compare concurrency}: how many requests each way to serve them keeps up with. */
@Command(name = "concurrency",
    description = "Finds for each concurrency model the highest rate that it keeps, for calculation, for waiting and for"
        + " both, and what it does past that.",
    mixinStandardHelpOptions = true)
final class ConcurrencyCommand extends LabCommand {
  @Option(names = "--models", split = ",", paramLabel = "NAME",
      description = "Which to compare: ${bundle:models}. All of them.")
  private List<String> models = List.of();

  @Option(names = "--workloads", split = ",", paramLabel = "NAME",
      description = "What a request does: cpu (1 ms of calculation), wait (100 ms), mix (both). All of them.")
  private List<String> workloads = List.of();

  @Option(names = "--rung", paramLabel = "TIME", defaultValue = "4s",
      description = "How long each rate is measured: ${DEFAULT-VALUE}.")
  private String rung = "";

  @Option(names = "--past", paramLabel = "TIME", defaultValue = "30s",
      description = "How long twice the highest rate is offered; 0s for not at all: ${DEFAULT-VALUE}.")
  private String past = "";

  @Option(names = "--out", paramLabel = "DIR",
      description = "Where the results go: results/concurrency-TIME in the working directory by default.")
  private @Nullable Path out;

  @Option(names = "--no-open", description = "Does not open the report in a browser.")
  private boolean noOpen;

  @Override
  public Integer call() throws ClusterFailure, IOException, InterruptedException {
    Instant startedAt = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    ConcurrencyPlan plan = ConcurrencyPlan.of(models, workloads, rung, past);
    Path directory = OutputDirectory.create(out, "concurrency-%s", startedAt);
    ConcurrencyResults results = ConcurrencyComparison.run(plan, startedAt, Progress.on(err()));
    ReportOutput.write(directory, results).show(out(), !noOpen);
    return results.claimsHold() ? ExitCode.SUCCESS : ExitCode.VIOLATION;
  }
}
