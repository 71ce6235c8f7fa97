package dev.statecraft.lab.report;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** The machine of a measurement. Figures of different machines are not comparable. */
public record Machine(String os, int cores, long memoryBytes, String java) {
  /** The machine that this process runs on. */
  public static Machine describe() {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return new Machine(system.getName() + " " + system.getVersion() + " " + system.getArch(),
        Runtime.getRuntime().availableProcessors(), system.getTotalMemorySize(),
        Runtime.version() + " (" + System.getProperty("java.vendor") + ")");
  }

  /** The system, CPUs and memory; {@code division} says how the CPUs were divided. */
  public String summary(String division) {
    return os + ", " + cores + (cores == 1 ? " core" : " cores") + division + ", "
        + NumberFormats.number(memoryBytes / (double) (1 << 30)) + " GiB of memory";
  }
}
