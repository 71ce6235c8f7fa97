package dev.statecraft.lab.experiment.strategies;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompareOptionsTest {
  private static final Instant STARTED = Instant.parse("2026-05-04T03:02:01Z");

  @TempDir
  private Path directory;

  @Test
  void everyKillGetsTimeForItsRestart() {
    ComparePlan plan = options().withKills(10, Set.of("--kills")).local(STARTED);

    assertThat(plan.faults()).hasSize(10).containsOnly("kill");
    assertThat(plan.duration()).isEqualTo(Duration.ofSeconds(150));
    assertThat(plan.command()).contains("--duration 150s", "--kills 10").doesNotContain("--faults");
  }

  @Test
  void givenDurationIsKept() {
    ComparePlan plan = options().withKills(2, Set.of("--kills", "--duration")).local(STARTED);

    assertThat(plan.duration()).isEqualTo(Duration.ofSeconds(20));
  }

  @Test
  void commandRepeatsRoundsOtherThanDefault() {
    ComparePlan plan = options().local(STARTED);

    assertThat(plan.command()).doesNotContain("--repeat");
    assertThat(plan.repeat()).isEqualTo(3);
    assertThat(options(5).local(STARTED).command()).contains("--repeat 5");
  }

  @Test
  void roundIsNoLongerThanTheDuration() {
    assertThat(options().local(STARTED).round()).isEqualTo(Duration.ofSeconds(6));
    assertThat(options(3, "2s").local(STARTED).round()).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void clustersThatDoNotFitIntoMemoryRunApart() {
    ComparePlan plan = options().local(STARTED);
    long need = 5 * MemoryNeed.PER_PROCESS + MemoryNeed.RESERVE;

    assertThat(MemoryNeed.reasonTooLarge(plan, need)).isEmpty();
    assertThat(MemoryNeed.reasonTooLarge(plan, need - 1)).get().asString().contains("are available");
  }

  @Test
  void oneKillIsTheDefaultFault() {
    assertThat(options().local(STARTED).command()).contains("--faults kill");
  }

  private CompareOptions options() {
    return options(3);
  }

  private CompareOptions options(int repeat) {
    return options(repeat, "20s");
  }

  private CompareOptions options(int repeat, String duration) {
    return new CompareOptions(List.of("cookie"), 3, 150, duration, 120, "kill", 1L, "session", "last-write-wins",
        "shopping", "30s", repeat, directory);
  }
}
