package dev.statecraft.lab.experiment.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.environment.local.BuiltModules;
import dev.statecraft.lab.environment.local.StandaloneService;
import dev.statecraft.lab.environment.local.launch.App;
import dev.statecraft.lab.environment.local.process.CpuPartition;
import dev.statecraft.lab.experiment.LocalServices;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.Series;
import dev.statecraft.lab.experiment.concurrency.ModelExperiment.WarmUpTimes;
import dev.statecraft.lab.load.Arrivals;
import dev.statecraft.lab.load.HttpLoadGenerator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Starts the models in processes of their own, with the heap and options of the comparison. */
@Timeout(300)
@Isolated("Measures, so nothing else may run beside it")
class ModelExperimentIT {
  private static final Duration RECOVERY_TIMEOUT = Duration.ofMinutes(2);

  /** Short, because no figure is asserted. */
  private static final WarmUpTimes WARM_UP = new WarmUpTimes(
      Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofMillis(100), Duration.ofSeconds(1));

  private final LocalServices services = LocalServices.find();

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

  @ParameterizedTest
  @ValueSource(strings = {"thread-per-request", "pool", "virtual-threads", "event-loop"})
  void rejectsRequestsBeyondBoundAndRecovers(String name, @TempDir Path logs) throws Exception {
    ConcurrencyModel model = model(name);
    Map<Integer, Integer> answers = new ConcurrentHashMap<>();
    try (CpuPartition partition = CpuPartition.create();
        StandaloneService service = StandaloneService.start(
            model.app(), _ -> model.settings(), services.launches().of(model.app(), model.app().module(), name),
            partition, services.java(), logs.resolve(name + ".log"))) {
      // Requests wait long enough for the load to exceed the bound of every model.
      HttpLoadGenerator.run(
          service.uri().resolve("/work?wait=2000"), new Arrivals(1_500, Duration.ZERO, Duration.ofSeconds(4)),
          ModelExperiment.CLIENTS, Duration.ofSeconds(40), 1,
          exchange -> answers.merge(exchange.status(), 1, Integer::sum));

      assertThat(service.awaitResponsive(RECOVERY_TIMEOUT)).as("responsive again").isTrue();
      assertThat(answers).containsKeys(200, 503);
    }
  }

  private static ConcurrencyModel model(String name) {
    return ConcurrencyModel.all(1).stream().filter(model -> model.name().equals(name)).findFirst().orElseThrow();
  }
}
