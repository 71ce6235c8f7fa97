package dev.statecraft.lab.experiment.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.environment.local.BuiltModules;
import dev.statecraft.lab.environment.local.StandaloneService;
import dev.statecraft.lab.environment.local.launch.App;
import dev.statecraft.lab.environment.local.launch.Installation;
import dev.statecraft.lab.environment.local.launch.LaunchPreparation;
import dev.statecraft.lab.environment.local.process.CpuPartition;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.RateStep;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.Series;
import dev.statecraft.lab.load.Arrivals;
import dev.statecraft.lab.load.HttpLoadGenerator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The models in processes of their own, with the heap and the options that they are compared with. */
@Timeout(300)
class ModelExperimentTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Installation installation = Installation.ofThisProcess();
  private final LaunchPreparation preparation = new LaunchPreparation(installation);

  @BeforeEach
  void assumeBuilt() {
    new BuiltModules().assumeBuilt(App.STATELESS, App.REACTIVE);
  }

  /** Twenty threads that wait for 100 ms answer 200 a second on any machine that is not kept from it. */
  @Test
  void ladderFindsWhatTwentyThreadsKeep() throws Exception {
    try (CpuPartition division = CpuPartition.begin()) {
      Series series = ModelExperiment.run(
          model("pool-20"), WorkKind.WAIT, Duration.ofSeconds(1), Duration.ofSeconds(1), division, installation,
          preparation, _ -> {});

      assertThat(series.kept().orElseThrow().offeredPerSecond()).isBetween(50.0, 240.0);
      RateStep past = Objects.requireNonNull(series.past());
      assertThat(past.goodPerSecond()).isPositive();
      assertThat(past.refused()).isPositive();
      assertThat(series.survived()).isTrue();
    }
  }

  /** Where a thousand are the bound, a thousand are under way when the first is refused. */
  @ParameterizedTest
  @ValueSource(strings = {"thread-per-request", "pool", "virtual-threads", "event-loop"})
  void modelOutlivesMoreThanItHasRoomFor(String name, @TempDir Path logs) throws Exception {
    ConcurrencyModel model = model(name);
    Map<Integer, Integer> answers = new ConcurrentHashMap<>();
    try (CpuPartition division = CpuPartition.begin();
        StandaloneService service = StandaloneService.start(
            model.app(), _ -> model.settings(), preparation.of(model.app(), model.app().module(), name), division,
            installation.java(), logs.resolve(name + ".log"))) {
      HttpLoadGenerator.run(
          service.uri().resolve("/work?wait=1000"), new Arrivals(1_500, Duration.ZERO, Duration.ofSeconds(4)),
          ModelExperiment.CLIENTS, Duration.ofSeconds(20), 1,
          exchange -> answers.merge(exchange.status(), 1, Integer::sum));

      assertThat(service.awaitCalm(PATIENCE)).as("alive and prompt again").isTrue();
      assertThat(answers).containsKeys(200, 503);
    }
  }

  private static ConcurrencyModel model(String name) {
    return ConcurrencyModel.all(1).stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
  }
}
