package dev.statecraft.lab.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.checker.guarantee.SessionStrategy;
import dev.statecraft.lab.fault.Schedule.NotRun;
import dev.statecraft.lab.fault.Schedule.Planned;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScheduleTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void oneFaultStrikesAroundTheMiddle() {
    for (int seed = 0; seed < 200; seed++) {
      Planned kill = draw(seed, "kill").planned().getFirst();
      assertThat(kill.at()).isBetween(Duration.ofSeconds(27), Duration.ofSeconds(33));
      assertThat(kill.lasting()).isEqualTo(Duration.ofSeconds(3));
    }
  }

  @Test
  void theSameSeedDrawsTheSameSchedule() {
    for (int seed = 0; seed < 50; seed++) {
      assertThat(draw(seed, "random", "kill", "random", "rolling"))
          .isEqualTo(draw(seed, "random", "kill", "random", "rolling"));
    }
  }

  @Test
  void severalFaultsStrikeOneAfterTheOtherInSomeOrder() {
    Set<List<String>> orders = new HashSet<>();
    for (int seed = 0; seed < 200; seed++) {
      List<Planned> planned = draw(seed, "kill", "term", "slow").planned();
      assertThat(planned).isSortedAccordingTo((one, other) -> one.at().compareTo(other.at()))
          .allSatisfy(fault -> assertThat(fault.at()).isBetween(Duration.ZERO, MINUTE));
      orders.add(planned.stream().map(fault -> fault.fault().id()).toList());
    }
    assertThat(orders).hasSize(6);
  }

  @Test
  void aRandomFaultIsAnyOfThoseThatCanBeDone() {
    Set<String> drawn = new HashSet<>();
    for (int seed = 0; seed < 500; seed++) {
      Schedule schedule = draw(seed, "random");
      assertThat(schedule.notRun()).isEmpty();
      drawn.add(schedule.planned().getFirst().fault().id());
    }
    assertThat(drawn).contains("kill", "pause", "kill-all", "redis-kill", "clock").doesNotContain("clock-far");
  }

  @Test
  void allIsWipedOnlyWhereThatIsAskedForByName() {
    for (int seed = 0; seed < 300; seed++) {
      assertThat(
          Schedule
              .draw(List.of("random"), fault -> fault.whyNot(SessionStrategy.REPLICATED), MINUTE,
                  new SplittableRandom(seed))
              .planned())
          .extracting(planned -> planned.fault().id()).doesNotContain("wipe-all");
    }
    assertThat(Fault.all()).extracting(Fault::id).contains("wipe").doesNotContain("wipe-all");
    assertThat(
        Schedule
            .draw(List.of("wipe-all", "wipe"), fault -> fault.whyNot(SessionStrategy.REPLICATED), MINUTE,
                new SplittableRandom(1))
            .planned())
        .hasSize(2);
    assertThat(
        Schedule.draw(List.of("wipe"), fault -> fault.whyNot(SessionStrategy.COOKIE), MINUTE, new SplittableRandom(1))
            .notRun())
        .hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(SessionStrategy.class)
  void whatCannotBeDoneIsNamedWithItsReasonAndNothingIsForgotten(SessionStrategy strategy) {
    List<String> all = Fault.all().stream().map(Fault::id).toList();
    Schedule schedule = Schedule.draw(all, fault -> fault.whyNot(strategy), MINUTE, new SplittableRandom(1));

    assertThat(schedule.planned()).extracting(planned -> planned.fault().id()).contains("kill", "rolling")
        .doesNotHaveDuplicates();
    assertThat(schedule.notRun()).extracting(NotRun::why).doesNotContain("");
    assertThat(schedule.planned().size() + schedule.notRun().size()).isEqualTo(all.size());
    assertThat(schedule.notRun().stream().map(NotRun::fault).anyMatch("redis-kill"::equals))
        .isEqualTo(strategy != SessionStrategy.REDIS);
  }

  @Test
  void aPauseOutlastsTheFailureDetectorHoweverShortTheRun() {
    Schedule brief = Schedule.draw(
        Collections.nCopies(4, "pause"), _ -> Optional.empty(), Duration.ofSeconds(4), new SplittableRandom(1));
    assertThat(brief.planned()).allSatisfy(
        pause -> assertThat(pause.lasting()).isGreaterThan(Duration.ofSeconds(2)));
  }

  private static Schedule draw(int seed, String... faults) {
    return Schedule.draw(List.of(faults), fault -> fault.whyNot(SessionStrategy.REDIS), MINUTE,
        new SplittableRandom(seed));
  }
}
