package dev.statecraft.lab.experiment.concurrency;

import dev.statecraft.lab.console.Progress;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.local.launch.App;
import dev.statecraft.lab.environment.local.process.CpuPartition;
import dev.statecraft.lab.experiment.LocalServices;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.Composed;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.Processors;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.Series;
import dev.statecraft.lab.report.Machine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Measures every model of a plan with every kind of work, and the duration of composed calls. */
public final class ConcurrencyComparison {
  private ConcurrencyComparison() {}

  /** Runs the comparison. */
  public static ConcurrencyResults run(ConcurrencyPlan plan, Instant startedAt, Progress progress)
      throws ClusterFailure, InterruptedException {
    Machine machine = Machine.describe();
    try (CpuPartition partition = CpuPartition.create()) {
      List<ConcurrencyModel> models = plan.models(partition.serviceCpus().orElse(machine.cores()));
      LocalServices services = LocalServices.find();
      List<Series> series = new ArrayList<>();
      int all = models.size() * plan.workloads().size();
      for (WorkKind work : plan.workloads()) {
        for (ConcurrencyModel model : models) {
          String title = "[" + (series.size() + 1) + "/" + all + "] " + model.name() + ", " + work.label() + ": ";
          Series one = ModelExperiment.run(model, work, plan, ModelExperiment.WarmUpTimes.DEFAULT, partition, services,
              text -> progress.status(title + text));
          series.add(one);
          progress.println(title + ConcurrencyTable.summary(one));
        }
      }
      List<Composed> compositions = new ArrayList<>();
      for (App app : List.of(App.STATELESS, App.REACTIVE)) {
        progress.status("composed calls of " + app.module());
        compositions.addAll(CompositionExperiment.run(app, partition, services));
      }
      progress.clear();
      Processors processors = new Processors(machine.cores(), partition.serviceCpus().orElse(null),
          partition.loadCpus().orElse(null));
      return new ConcurrencyResults(ConcurrencyResults.SCHEMA, startedAt, plan.command(), machine,
          RateStepFigures.LIMIT_MILLIS, ModelExperiment.CLIENTS, series, compositions,
          Claims.of(series, compositions, processors, ConcurrencyModel.MAX_IN_FLIGHT), processors,
          ConcurrencyModel.MAX_IN_FLIGHT);
    }
  }
}
