package dev.statecraft.lab.environment.local.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class CpuPartitionIT {
  @Test
  void readsTheKernelsListOfProcessors() {
    assertThat(CpuPartition.numbers("0")).containsExactly(0);
    assertThat(CpuPartition.numbers("0-1")).containsExactly(0, 1);
    assertThat(CpuPartition.numbers("0-2,5,7-8")).containsExactly(0, 1, 2, 5, 7, 8);
  }

  @Test
  void serviceAndLoadHaveNoProcessorInCommonUntilItEnds() throws Exception {
    String before = allowed(Path.of("/proc/self/status"));
    int processors = Runtime.getRuntime().availableProcessors();
    try (CpuPartition division = CpuPartition.create()) {
      assumeThat(division.serviceCpus()).as("a machine whose processors can be divided").isPresent();
      assertThat(division.serviceCpus().orElseThrow() + division.loadCpus().orElseThrow()).isEqualTo(processors);
      assertThat(Runtime.getRuntime().availableProcessors()).isEqualTo(division.loadCpus().orElseThrow());
      Process service = new ProcessBuilder(
          ProcessEndpoint.LOOPBACK.prefixedWith(division.commandPrefix()).command(List.of("sleep", "60"))).start();
      try {
        Path status = Path.of("/proc", Long.toString(service.pid()), "status");
        await().until(() -> Files.readString(status).startsWith("Name:\tsleep"));
        assertThat(CpuPartition.numbers(allowed(status))).hasSize(division.serviceCpus().orElseThrow())
            .doesNotContainAnyElementsOf(CpuPartition.numbers(allowed(Path.of("/proc/self/status"))));
      } finally {
        service.destroyForcibly();
      }
    }
    assertThat(allowed(Path.of("/proc/self/status"))).isEqualTo(before);
  }

  private static String allowed(Path status) throws Exception {
    return Files.readAllLines(status).stream().filter(line -> line.startsWith("Cpus_allowed_list:")).findFirst()
        .orElseThrow().substring("Cpus_allowed_list:".length()).strip();
  }
}
