package dev.statecraft.lab.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.checker.guarantee.FaultEffects;
import dev.statecraft.lab.checker.guarantee.FaultEffects.Effect;
import dev.statecraft.lab.environment.local.LocalTrait;
import dev.statecraft.lab.strategy.SessionStrategy;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FaultsTest {

  @Test
  void findsEveryFaultByName() {
    assertThat(Faults.all()).isNotEmpty().allSatisfy(fault -> assertThat(Faults.named(fault.name())).hasValue(fault));
    assertThat(Faults.onlyByName()).isNotEmpty().doesNotContainAnyElementsOf(Faults.all())
        .allSatisfy(fault -> assertThat(Faults.named(fault.name())).hasValue(fault));
  }

  @Test
  void findsFaultByOldName() {
    assertThat(Faults.oldNames()).isNotEmpty()
        .allSatisfy(name -> assertThat(Faults.named(name)).hasValue(Partition.INBOUND));
  }

  @Test
  void unknownNameFindsNothing() {
    assertThat(Faults.named("earthquake")).isEmpty();
    assertThat(Faults.effects("earthquake")).isEqualTo(FaultEffects.NONE);
  }

  @Test
  void namesAreUnique() {
    assertThat(Stream.concat(Faults.all().stream(), Faults.onlyByName().stream()).map(Fault::name))
        .doesNotHaveDuplicates().doesNotContainAnyElementsOf(Faults.oldNames());
  }

  /** Recorded histories contain only fault names, so the effects of a name must not change. */
  @Test
  void effectsOfRecordedFaultsAreStable() {
    assertThat(Stream.of("kill", "term", "wipe", "wipe-all", "rolling", "scale-in", "kill-all"))
        .allMatch(name -> Faults.effects(name).effects().contains(Effect.ENDS_PROCESS));
    assertThat(Stream.of("wipe", "wipe-all"))
        .allMatch(name -> Faults.effects(name).effects().contains(Effect.WIPES_DISK));
    assertThat(Stream.of("pause", "cpu-starve"))
        .allMatch(name -> Faults.effects(name).equals(FaultEffects.of(Effect.UNREACHABLE)));
    assertThat(Faults.effects("partition")).isEqualTo(FaultEffects.of(Effect.UNREACHABLE, Effect.SPLITS_NODES));
    assertThat(Stream.of("partition-majority", "partition-one-way", "partition-inbound"))
        .allMatch(name -> Faults.effects(name).equals(FaultEffects.of(Effect.SPLITS_NODES)));
    assertThat(Faults.effects("redis-kill")).isEqualTo(FaultEffects.of(Effect.EMPTIES_STORE));
    assertThat(Faults.effects("redis-failover")).isEqualTo(FaultEffects.of(Effect.FAILS_OVER_STORE));
    assertThat(Faults.effects("clock").clockError()).isEqualTo(Duration.ofMinutes(5));
    assertThat(Faults.effects("clock-far").clockError()).isEqualTo(Duration.ofHours(1));
    assertThat(
        Stream.of(
            "pause-short", "slow", "gateway-kill", "scale-out"))
        .allMatch(name -> Faults.effects(name).equals(FaultEffects.NONE));
  }

  @ParameterizedTest
  @MethodSource("dev.statecraft.lab.strategy.SessionStrategies#all")
  void everyStrategyScalesLocally(SessionStrategy strategy) {
    assertThat(Faults.unsupportedLocally(new ScaleOut(), strategy)).isEmpty();
    assertThat(Faults.unsupportedLocally(new ScaleIn(), strategy)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("dev.statecraft.lab.strategy.SessionStrategies#all")
  void clockJumpNeedsOwnClocks(SessionStrategy strategy) {
    for (Fault fault : List.of(ClockJump.MINUTES, ClockJump.PAST_TIMEOUT)) {
      assertThat(Faults.unsupportedLocally(fault, strategy)).isEqualTo(LocalTrait.OWN_CLOCKS.unsupportedReason());
    }
  }
}
