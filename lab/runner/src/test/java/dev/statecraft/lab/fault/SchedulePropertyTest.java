package dev.statecraft.lab.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.fault.Schedule.Planned;
import dev.statecraft.lab.strategy.SessionStrategies;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;

class SchedulePropertyTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Property(tries = 200)
  void injectsOneFaultAroundTheMiddle(@ForAll long seed) {
    Planned kill = draw(seed, "kill").planned().getFirst();
    assertThat(kill.at()).isBetween(Duration.ofSeconds(27), Duration.ofSeconds(33));
    assertThat(kill.duration()).isEqualTo(Duration.ofSeconds(3));
  }

  @Property(tries = 50)
  void sameSeedDrawsSameSchedule(@ForAll long seed) {
    assertThat(draw(seed, "random", "kill", "random", "rolling"))
        .isEqualTo(draw(seed, "random", "kill", "random", "rolling"));
  }

  @Property(tries = 300)
  @StatisticsReport(onFailureOnly = true)
  void drawsEveryOrderOfSeveralFaults(@ForAll long seed) {
    List<Planned> planned = draw(seed, "kill", "term", "slow").planned();
    assertThat(planned).isSortedAccordingTo((one, other) -> one.at().compareTo(other.at()))
        .allSatisfy(fault -> assertThat(fault.at()).isBetween(Duration.ZERO, MINUTE));
    Statistics.collect(planned.stream().map(fault -> fault.fault().name()).toList());
    Statistics.coverage(
        coverage -> {
          coverage.check(List.of("kill", "term", "slow")).count(count -> count > 0);
          coverage.check(List.of("kill", "slow", "term")).count(count -> count > 0);
          coverage.check(List.of("term", "kill", "slow")).count(count -> count > 0);
          coverage.check(List.of("term", "slow", "kill")).count(count -> count > 0);
          coverage.check(List.of("slow", "kill", "term")).count(count -> count > 0);
          coverage.check(List.of("slow", "term", "kill")).count(count -> count > 0);
        });
  }

  @Property(tries = 500)
  @StatisticsReport(onFailureOnly = true)
  void randomDrawsFromSupportedFaults(@ForAll long seed) {
    Schedule schedule = draw(seed, "random");
    assertThat(schedule.notRun()).isEmpty();
    String drawn = schedule.planned().getFirst().fault().name();
    assertThat(drawn).isNotIn("clock-far", "wipe", "wipe-all");
    Statistics.collect(drawn);
    Statistics.coverage(
        coverage -> Stream.of("kill", "pause", "kill-all", "redis-kill", "clock")
            .forEach(name -> coverage.check(name).count(count -> count > 0)));
  }

  private static Schedule draw(long seed, String... faults) {
    return Schedule.draw(
        List.of(faults), fault -> fault.unsupportedReason(SessionStrategies.of("redis")), MINUTE,
        new SplittableRandom(seed));
  }
}
