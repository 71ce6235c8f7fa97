package dev.statecraft.lab.experiment.strategies;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Estimates whether the local clusters of all strategies of a plan fit into memory at the same time. */
final class MemoryNeed {
  private static final long MIB = 1L << 20;
  /** A service with its heap of at most 256 MiB, metaspace, code cache and stacks; most use half of that. */
  static final long PER_PROCESS = 400 * MIB;
  /** For this process, and for the system. */
  static final long RESERVE = 1024 * MIB;

  private MemoryNeed() {}

  /** Why the clusters do not run at the same time; empty if they fit. */
  static Optional<String> reasonTooLarge(ComparePlan plan, long availableBytes) {
    // Each has its nodes, a gateway, and at most one shared store.
    long processes = plan.strategies().size() * (plan.nodes() + 2L);
    long need = processes * PER_PROCESS + RESERVE;
    return need <= availableBytes
        ? Optional.empty()
        : Optional.of("the clusters of " + plan.strategies().size() + " strategies need " + need / MIB
            + " MiB at the same time, and " + availableBytes / MIB + " MiB are available");
  }

  /** What processes can allocate before the system swaps: on Linux without caches, elsewhere the free memory. */
  static long availableBytes() {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    long limit = system.getTotalMemorySize();
    try (Stream<String> lines = Files.lines(Path.of("/proc/meminfo"))) {
      return lines.filter(line -> line.startsWith("MemAvailable:")).findFirst()
          .map(line -> Math.min(limit, Long.parseLong(line.replaceAll("\\D", "")) * 1024))
          .orElseGet(system::getFreeMemorySize);
    } catch (IOException notLinux) {
      return system.getFreeMemorySize();
    }
  }
}
