package dev.statecraft.lab.experiment.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.environment.local.BuiltModules;
import dev.statecraft.lab.environment.local.StandaloneService;
import dev.statecraft.lab.environment.local.launch.App;
import dev.statecraft.lab.environment.local.process.CpuPartition;
import dev.statecraft.lab.experiment.LocalServices;
import dev.statecraft.lab.load.Arrivals;
import dev.statecraft.lab.load.HttpLoadGenerator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Overloads each model in a process of its own, with the heap and options of the comparison. */
@Timeout(300)
class ModelOverloadIT {
  private static final Duration RECOVERY_TIMEOUT = Duration.ofMinutes(2);

  private final LocalServices services = BuiltModules.services();

  @BeforeEach
  void assumeBuilt() {
    new BuiltModules().assumeBuilt(App.STATELESS, App.REACTIVE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"thread-per-request", "pool", "virtual-threads", "event-loop"})
  void rejectsRequestsBeyondBoundAndRecovers(String name, @TempDir Path logs) throws Exception {
    ConcurrencyModel model = ModelExperimentIT.model(name);
    Map<Integer, Integer> answers = new ConcurrentHashMap<>();
    try (StandaloneService service = StandaloneService.start(
        model.app(), _ -> model.settings(), services.launches().of(model.app(), model.app().module(), name),
        CpuPartition.shared(), services.java(), logs.resolve(name + ".log"))) {
      // Requests wait long enough for the load to exceed the bound of every model.
      HttpLoadGenerator.run(
          service.uri().resolve("/work?wait=2000"), new Arrivals(1_500, Duration.ZERO, Duration.ofSeconds(4)),
          ModelExperiment.CLIENTS, Duration.ofSeconds(40), 1,
          exchange -> answers.merge(exchange.status(), 1, Integer::sum));

      assertThat(service.awaitResponsive(RECOVERY_TIMEOUT)).as("responsive again").isTrue();
      assertThat(answers).containsKeys(200, 503);
    }
  }
}
