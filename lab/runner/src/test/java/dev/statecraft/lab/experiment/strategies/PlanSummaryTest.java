package dev.statecraft.lab.experiment.strategies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.checker.guarantee.SessionStrategy;
import dev.statecraft.lab.environment.FaultTarget;
import dev.statecraft.lab.environment.SessionStoreState;
import dev.statecraft.lab.fault.Fault;
import dev.statecraft.lab.load.Workload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlanSummaryTest {

  @Test
  void whatWillBeHarmedIsSaidOnceAndCounted() {
    assertThat(line("kill", "kill", "rolling")).isEqualTo("redis: will hit by kill (2 times), hit by rolling");
  }

  @Test
  void whatCannotBeDoneIsNotPromised() {
    assertThat(line("kill", "pause", "random"))
        .isEqualTo("redis: will hit by kill, random (any fault that can be done); cannot be done here: pause");
  }

  @Test
  void noFaultHarmsNothing() {
    assertThat(line()).isEqualTo("redis: nothing is harmed");
  }

  private static String line(String... faults) {
    ComparePlan plan = new ComparePlan(
        List.of(SessionStrategy.REDIS), 3, 150, Duration.ofSeconds(20), 10, List.of(faults), 1, "session",
        "last-write-wins", Workload.SHOPPING, "--on kubernetes", ComparePlan.WARM_UP, Path.of("out"));
    assertThat(plan.command()).startsWith("./statecraft compare --on kubernetes --strategies redis --rate 150 ")
        .doesNotContain("--nodes", "--reads");
    return PlanSummary.line(plan, SessionStrategy.REDIS, new Unmoved());
  }

  /** Cannot be made to stand still. */
  private static final class Unmoved implements FaultTarget {
    @Override
    public Optional<String> whyNot(Fault fault) {
      return fault instanceof Fault.Pause ? Optional.of("it moves") : Optional.empty();
    }

    @Override
    public String targets(Fault fault) {
      return "hit by " + fault.id();
    }

    @Override
    public Map<String, Optional<SessionStoreState>> states() {
      return Map.of();
    }

    @Override
    public void kill(String name) {}

    @Override
    public void wipe(String name) {}

    @Override
    public boolean terminate(String name) {
      return true;
    }

    @Override
    public void pause(String name) {}

    @Override
    public void resume(String name) {}

    @Override
    public void restart(String name) {}

    @Override
    public void awaitReady(String name) {}
  }
}
