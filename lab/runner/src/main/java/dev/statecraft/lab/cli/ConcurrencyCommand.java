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

/** {@code statecraft compare concurrency}: compares the concurrency models of the services. */
@Command(name = "concurrency",
    description = "Finds the highest sustainable request rate of each concurrency model for CPU work, waiting and both,"
        + " and measures it under overload.")
final class ConcurrencyCommand extends LabCommand {
  @Option(names = "--models", split = ",", paramLabel = "NAME",
      description = "The models to compare: ${bundle:models}. Default: all.")
  private List<String> models = List.of();

  @Option(names = "--workloads", split = ",", paramLabel = "NAME",
      description = "What a request does: cpu (1 ms of CPU time), wait (100 ms), mix (both). Default: all.")
  private List<String> workloads = List.of();

  @Option(names = "--rung", paramLabel = "TIME", defaultValue = "4s",
      description = "How long each rate is measured. Default: ${DEFAULT-VALUE}.")
  private String step = "";

  @Option(names = "--past", paramLabel = "TIME", defaultValue = "30s",
      description = "How long the overload of twice the highest rate lasts; 0s skips it. Default: ${DEFAULT-VALUE}.")
  private String overload = "";

  @Option(names = "--out", paramLabel = "DIR",
      description = "The directory for the results. Default: results/concurrency-TIME in the working directory.")
  private @Nullable Path out;

  @Option(names = "--no-open", description = "Does not open the report in a browser.")
  private boolean noOpen;

  @Override
  public Integer call() throws ClusterFailure, IOException, InterruptedException {
    Instant startedAt = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    ConcurrencyPlan plan = ConcurrencyPlan.of(models, workloads, step, overload);
    Path directory = OutputDirectory.create(out, "concurrency-%s", startedAt);
    ConcurrencyResults results = ConcurrencyComparison.run(plan, startedAt, Progress.on(err()));
    ReportOutput.write(directory, results).show(out(), !noOpen);
    return results.claimsHold() ? ExitCode.SUCCESS : ExitCode.VIOLATION;
  }
}
