package dev.statecraft.lab.experiment.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.environment.local.BuiltModules;
import dev.statecraft.lab.environment.local.launch.App;
import dev.statecraft.lab.environment.local.process.CpuPartition;
import dev.statecraft.lab.experiment.LocalServices;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.Series;
import dev.statecraft.lab.experiment.concurrency.ModelExperiment.WarmUpTimes;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Measures a model in a process of its own, with the heap and options of the comparison. */
@Timeout(300)
class ModelExperimentIT {
  /** Short, because no figure is asserted. */
  private static final WarmUpTimes WARM_UP = new WarmUpTimes(
      Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofMillis(100), Duration.ofSeconds(1));

  private final LocalServices services = BuiltModules.services();

  @BeforeEach
  void assumeBuilt() {
    new BuiltModules().assumeBuilt(App.STATELESS, App.REACTIVE);
  }

  @Test
  void searchesHighestSustainedRate() throws Exception {
    ConcurrencyPlan plan = ConcurrencyPlan.of(List.of("pool-20"), List.of("wait"), "1s", "1s");
    try (CpuPartition partition = CpuPartition.create()) {
      Series series = ModelExperiment.run(model("pool-20"), WorkKind.WAIT, plan, WARM_UP, partition, services, _ -> {});

      assertThat(series.survived()).isTrue();
      assertThat(series.rungs()).isNotEmpty();
      series.highestSustained().ifPresent(highest -> {
        assertThat(series.rungs()).filteredOn(step -> !step.sustained())
            .allSatisfy(missed -> assertThat(missed.offeredPerSecond()).isGreaterThan(highest.offeredPerSecond()));
        assertThat(Objects.requireNonNull(series.past()).offeredPerSecond()).isEqualTo(2 * highest.offeredPerSecond());
      });
    }
  }

  static ConcurrencyModel model(String name) {
    return ConcurrencyModel.all(1).stream().filter(model -> model.name().equals(name)).findFirst().orElseThrow();
  }
}
