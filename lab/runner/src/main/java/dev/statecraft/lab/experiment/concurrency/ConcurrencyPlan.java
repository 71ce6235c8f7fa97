package dev.statecraft.lab.experiment.concurrency;

import dev.statecraft.lab.console.OptionText;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A validated plan to compare concurrency models.
 *
 * @param models empty for all
 * @param workloads the kinds of work
 * @param step how long each rate is measured
 * @param past how long the overload is offered: twice the highest sustained rate; zero for not at all
 * @param command repeats the measurement
 */
public record ConcurrencyPlan(List<String> models, List<WorkKind> workloads, Duration step, Duration past,
    String command) {
  private static final Duration MAX_DURATION = Duration.ofMinutes(5);

  public ConcurrencyPlan {
    models = List.copyOf(models);
    workloads = List.copyOf(workloads);
  }

  /** Creates a plan from command-line options; throws {@link InvalidInput} if one is invalid. */
  public static ConcurrencyPlan of(List<String> models, List<String> workloads, String step, String past) {
    OptionText.names("model", models, ConcurrencyModel.names());
    List<String> kinds = OptionText.names("workload", workloads,
        Stream.of(WorkKind.values()).map(WorkKind::label).toList());
    String command = Stream
        .of("./statecraft compare concurrency", models.isEmpty() ? "" : "--models " + String.join(",", models),
            workloads.isEmpty() ? "" : "--workloads " + String.join(",", workloads), "--rung " + step, "--past " + past)
        .filter(part -> !part.isEmpty()).collect(Collectors.joining(" "));
    return new ConcurrencyPlan(models,
        Stream.of(WorkKind.values()).filter(kind -> kinds.contains(kind.label())).toList(),
        OptionText.duration("--rung", step, Duration.ofSeconds(1), MAX_DURATION),
        OptionText.duration("--past", past, Duration.ZERO, MAX_DURATION), command);
  }

  /** The chosen models, for a service with this number of CPUs. */
  List<ConcurrencyModel> models(int processors) {
    return ConcurrencyModel.all(processors).stream().filter(model -> models.isEmpty() || models.contains(model.name()))
        .toList();
  }
}
