package dev.statecraft.lab.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.statecraft.lab.environment.ClusterFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Limits a real process that would use a whole processor. */
@Isolated
class CpuStarvationIT {
  private final CpuStarvation fault = new CpuStarvation();
  private final RecordingTarget cluster = new RecordingTarget();

  @Test
  void throttlesProcessUntilHealed() throws IOException, InterruptedException, ClusterFailure {
    assumeThat(fault.unsupportedLocally()).isEmpty();
    Process process = new ProcessBuilder("sh", "-c", "while :; do :; done").start();
    try {
      cluster.pid = OptionalLong.of(process.pid());
      String before = controlGroup(process);
      fault.inject(cluster, List.of("n2"));
      assertThat(controlGroup(process)).isNotEqualTo(before).endsWith("-n2");
      Path group = groups("-n2").findFirst().orElseThrow();
      await().untilAsserted(() -> assertThat(Files.readString(group.resolve("cpu.stat")))
          .containsPattern("nr_throttled [1-9]"));
      fault.heal(cluster, "n2");
      assertThat(controlGroup(process)).isEqualTo(before);
      assertThat(groups("-n2")).isEmpty();
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void removesGroupOfEndedProcess() throws IOException, InterruptedException, ClusterFailure {
    assumeThat(fault.unsupportedLocally()).isEmpty();
    Process process = new ProcessBuilder("sleep", "60").start();
    cluster.pid = OptionalLong.of(process.pid());
    fault.inject(cluster, List.of("n3"));
    process.destroyForcibly().waitFor();
    fault.heal(cluster, "n3");
    assertThat(groups("-n3")).isEmpty();
    fault.heal(cluster, "n3");
  }

  /** The path of the group that limits the CPU time of a process. */
  private static String controlGroup(Process process) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + process.pid() + "/cgroup")).stream()
        .filter(line -> line.matches("\\d+:(|(.*,)?cpu(,.*)?):.*")).findFirst().orElseThrow();
  }

  private static Stream<Path> groups(String suffix) throws IOException {
    String name = "statecraft-" + ProcessHandle.current().pid() + suffix;
    return Stream.of(Path.of("/sys/fs/cgroup/cpu", name), Path.of("/sys/fs/cgroup", name)).filter(Files::exists);
  }
}
