package dev.statecraft.lab.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.fault.Schedule.NotRun;
import dev.statecraft.lab.strategy.SessionStrategies;
import dev.statecraft.lab.strategy.SessionStrategy;
import dev.statecraft.lab.strategy.StrategyTrait;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ScheduleTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void wipeAllIsInjectedOnlyByName() {
    assertThat(Faults.all()).extracting(Fault::name).contains("wipe").doesNotContain("wipe-all");
    assertThat(draw(SessionStrategies.of("replicated"), 1, "wipe-all", "wipe").planned()).hasSize(2);
    assertThat(draw(SessionStrategies.of("cookie"), 1, "wipe").notRun()).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("dev.statecraft.lab.strategy.SessionStrategies#all")
  void listsUnsupportedFaultsWithReasons(SessionStrategy strategy) {
    List<String> all = Faults.all().stream().map(Fault::name).toList();
    Schedule schedule = Schedule.draw(all, fault -> fault.unsupportedReason(strategy), MINUTE, new SplittableRandom(1));

    assertThat(schedule.planned()).extracting(planned -> planned.fault().name()).contains("kill", "rolling")
        .doesNotHaveDuplicates();
    assertThat(schedule.notRun()).extracting(NotRun::reason).doesNotContain("");
    assertThat(schedule.planned().size() + schedule.notRun().size()).isEqualTo(all.size());
    assertThat(schedule.notRun().stream().map(NotRun::fault).anyMatch("redis-kill"::equals))
        .isEqualTo(!strategy.has(StrategyTrait.USES_REDIS));
  }

  @Test
  void pauseIsLongerThanFailureDetection() {
    Schedule shortRun = Schedule.draw(
        Collections.nCopies(4, "pause"), _ -> Optional.empty(), Duration.ofSeconds(4), new SplittableRandom(1));
    assertThat(shortRun.planned()).allSatisfy(
        pause -> assertThat(pause.duration()).isGreaterThan(Duration.ofSeconds(2)));
  }

  private static Schedule draw(SessionStrategy strategy, long seed, String... faults) {
    return Schedule.draw(
        List.of(faults), fault -> fault.unsupportedReason(strategy), MINUTE, new SplittableRandom(seed));
  }
}
