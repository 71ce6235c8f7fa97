package dev.statecraft.lab.environment.local.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated
class CpuPartitionIT {
  @Test
  void parsesTheCpuListOfTheKernel() {
    assertThat(CpuPartition.numbers("0")).containsExactly(0);
    assertThat(CpuPartition.numbers("0-1")).containsExactly(0, 1);
    assertThat(CpuPartition.numbers("0-2,5,7-8")).containsExactly(0, 1, 2, 5, 7, 8);
  }

  @Test
  void serviceAndLoadShareNoCpuUntilClose() throws Exception {
    String before = allowed(Path.of("/proc/self/status"));
    int processors = Runtime.getRuntime().availableProcessors();
    try (CpuPartition partition = CpuPartition.create()) {
      assumeThat(partition.serviceCpus()).as("the CPUs of this machine can be partitioned").isPresent();
      assertThat(partition.serviceCpus().orElseThrow() + partition.loadCpus().orElseThrow()).isEqualTo(processors);
      assertThat(Runtime.getRuntime().availableProcessors()).isEqualTo(partition.loadCpus().orElseThrow());
      Process service = new ProcessBuilder(
          ProcessEndpoint.LOOPBACK.prefixedWith(partition.commandPrefix()).command(List.of("sleep", "60"))).start();
      try {
        Path status = Path.of("/proc", Long.toString(service.pid()), "status");
        await().until(() -> Files.readString(status).startsWith("Name:\tsleep"));
        assertThat(CpuPartition.numbers(allowed(status))).hasSize(partition.serviceCpus().orElseThrow())
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
