package dev.statecraft.lab.cli;

import dev.statecraft.lab.console.DurationText;
import dev.statecraft.lab.console.InvalidInput;
import dev.statecraft.lab.console.OutputDirectory;
import dev.statecraft.lab.console.Progress;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.local.launch.App;
import dev.statecraft.lab.environment.local.launch.Installation;
import dev.statecraft.lab.environment.local.launch.LaunchPreparation;
import dev.statecraft.lab.environment.local.process.CpuPartition;
import dev.statecraft.lab.experiment.concurrency.Claims;
import dev.statecraft.lab.experiment.concurrency.CompositionExperiment;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyModel;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.Claim;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.Composed;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.Processors;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.Series;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.Standing;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyTable;
import dev.statecraft.lab.experiment.concurrency.ModelExperiment;
import dev.statecraft.lab.experiment.concurrency.RateStepFigures;
import dev.statecraft.lab.experiment.concurrency.WorkKind;
import dev.statecraft.lab.report.Machine;
import dev.statecraft.lab.report.ReportOutput;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code statecraft compare concurrency}: how many requests each way to serve them keeps up with. */
@Command(name = "concurrency",
    description = "Finds for each concurrency model the highest rate that it keeps, for calculation, for waiting and for both, and what it does past that.",
    mixinStandardHelpOptions = true)
final class ConcurrencyCommand implements Callable<Integer> {
  private static final Duration LONGEST = Duration.ofMinutes(5);

  @Option(names = "--models", split = ",", paramLabel = "NAME",
      description = "Which to compare: iterative, thread-per-request, pool-20, pool, virtual-threads, event-loop, one-event-loop. All of them.")
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

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  ConcurrencyCommand() {}

  @Override
  public Integer call() throws ClusterFailure, IOException, InterruptedException {
    Instant startedAt = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    Machine machine = Machine.describe();
    try (CpuPartition division = CpuPartition.begin()) {
      return compare(startedAt, machine, division);
    }
  }

  private Integer compare(Instant startedAt, Machine machine, CpuPartition division)
      throws ClusterFailure, IOException, InterruptedException {
    List<ConcurrencyModel> chosenModels = chosenModels(division.ofService().orElse(machine.cores()));
    List<WorkKind> chosenWorkloads = chosenWorkloads();
    Duration each = duration("--rung", rung, Duration.ofSeconds(1));
    Duration beyond = duration("--past", past, Duration.ZERO);
    Path directory = OutputDirectory.create(
        out != null
            ? out
            : Path.of("results", "concurrency-" + DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss")
                .format(startedAt.atZone(ZoneId.systemDefault()))));
    Progress progress = Progress.on(spec.commandLine().getErr());
    Installation installation = Installation.ofThisProcess();
    LaunchPreparation preparation = new LaunchPreparation(installation);

    List<Series> series = new ArrayList<>();
    int all = chosenModels.size() * chosenWorkloads.size();
    for (WorkKind workload : chosenWorkloads) {
      for (ConcurrencyModel model : chosenModels) {
        String title = "[" + (series.size() + 1) + "/" + all + "] " + model.name() + ", " + workload.label() + ": ";
        Series one = ModelExperiment.run(
            model, workload, each, beyond, division, installation, preparation, text -> progress.status(title + text));
        series.add(one);
        progress.say(title + ConcurrencyTable.summary(one));
      }
    }
    List<Composed> compositions = new ArrayList<>();
    for (App app : List.of(App.STATELESS, App.REACTIVE)) {
      progress.status("composed calls of " + app.module());
      compositions.addAll(CompositionExperiment.run(app, division, installation, preparation));
    }
    progress.clear();
    Processors processors = new Processors(
        machine.cores(), division.ofService().orElse(null), division.ofLoad().orElse(null));
    return finish(
        directory,
        new ConcurrencyResults(
            ConcurrencyResults.SCHEMA, startedAt, commandLine(), machine, RateStepFigures.LIMIT_MILLIS,
            ModelExperiment.CLIENTS, series, compositions,
            Claims.of(series, compositions, processors, ConcurrencyModel.ROOM),
            processors, ConcurrencyModel.ROOM));
  }

  private int finish(Path directory, ConcurrencyResults results) throws IOException {
    ReportOutput.write(directory, results).show(spec.commandLine().getOut(), !noOpen);
    return results.claims().stream().map(Claim::standing).anyMatch(Standing.BROKEN::equals)
        ? StatecraftCommand.BROKEN_GUARANTEE
        : 0;
  }

  private List<ConcurrencyModel> chosenModels(int processors) {
    List<ConcurrencyModel> all = ConcurrencyModel.all(processors);
    List<String> names = all.stream().map(ConcurrencyModel::name).toList();
    refuseUnknown("model", models, names);
    return all.stream().filter(model -> models.isEmpty() || models.contains(model.name())).toList();
  }

  private List<WorkKind> chosenWorkloads() {
    List<WorkKind> all = Arrays.asList(WorkKind.values());
    refuseUnknown("workload", workloads, all.stream().map(WorkKind::label).toList());
    return all.stream().filter(workload -> workloads.isEmpty() || workloads.contains(workload.label())).toList();
  }

  private static void refuseUnknown(String kind, List<String> wanted, List<String> known) {
    for (String name : wanted) {
      if (!known.contains(name)) {
        throw new InvalidInput("there is no " + kind + " '" + name + "'; there are " + String.join(", ", known));
      }
    }
  }

  private static Duration duration(String flag, String text, Duration shortest) {
    Duration duration = DurationText.parse(flag, text);
    if (duration.compareTo(shortest) < 0 || duration.compareTo(LONGEST) > 0) {
      throw new InvalidInput(
          flag + " " + text + ": from " + DurationText.of(shortest) + " to " + DurationText.of(LONGEST));
    }
    return duration;
  }

  private String commandLine() {
    return List.of(
        "./statecraft compare concurrency", models.isEmpty() ? "" : "--models " + String.join(",", models),
        workloads.isEmpty() ? "" : "--workloads " + String.join(",", workloads), "--rung " + rung, "--past " + past)
        .stream().filter(part -> !part.isEmpty()).collect(Collectors.joining(" "));
  }
}
