package dev.statecraft.lab.experiment.concurrency;

import dev.statecraft.lab.console.OptionText;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A comparison of concurrency models as the user asked for it; its values have been checked.
 *
 * @param models empty for all
 * @param workloads the kinds of work
 * @param step how long each rate is measured
 * @param past how long twice the highest rate is offered; zero for not at all
 * @param command what a reader types to measure this again
 */
public record ConcurrencyPlan(
    List<String> models, List<WorkKind> workloads, Duration step, Duration past, String command) {
  private static final Duration MAX_DURATION = Duration.ofMinutes(5);

  public ConcurrencyPlan {
    models = List.copyOf(models);
    workloads = List.copyOf(workloads);
  }

  /**
   * The plan that options make.
   *
   * @throws InvalidInput where an option has no such value
   */
  public static ConcurrencyPlan of(List<String> models, List<String> workloads, String step, String past) {
    OptionText.names("model", models, ConcurrencyModel.names());
    List<String> kinds = OptionText.names(
        "workload", workloads, Stream.of(WorkKind.values()).map(WorkKind::label).toList());
    String command = Stream.of(
        "./statecraft compare concurrency", models.isEmpty() ? "" : "--models " + String.join(",", models),
        workloads.isEmpty() ? "" : "--workloads " + String.join(",", workloads), "--rung " + step, "--past " + past)
        .filter(part -> !part.isEmpty()).collect(Collectors.joining(" "));
    return new ConcurrencyPlan(
        models, Stream.of(WorkKind.values()).filter(kind -> kinds.contains(kind.label())).toList(),
        OptionText.duration("--rung", step, Duration.ofSeconds(1), MAX_DURATION),
        OptionText.duration("--past", past, Duration.ZERO, MAX_DURATION), command);
  }

  /** The models that were chosen, for a service with so many processors. */
  List<ConcurrencyModel> models(int processors) {
    return ConcurrencyModel.all(processors).stream()
        .filter(model -> models.isEmpty() || models.contains(model.name())).toList();
  }
}
