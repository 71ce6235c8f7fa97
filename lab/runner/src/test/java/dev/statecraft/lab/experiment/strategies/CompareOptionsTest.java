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
  void oneKillIsTheDefaultFault() {
    assertThat(options().local(STARTED).command()).contains("--faults kill");
  }

  private CompareOptions options() {
    return new CompareOptions(List.of("cookie"), 3, 150, "20s", 120, "kill", 1L, "session", "last-write-wins",
        "shopping", "30s", directory);
  }
}
