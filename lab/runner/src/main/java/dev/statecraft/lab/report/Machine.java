package dev.statecraft.lab.report;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** Where it was measured; figures of two machines do not compare. */
public record Machine(String os, int cores, long memoryBytes, String java) {

  /** The machine that this process runs on. */
  public static Machine describe() {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return new Machine(system.getName() + " " + system.getVersion() + " " + system.getArch(),
        Runtime.getRuntime().availableProcessors(), system.getTotalMemorySize(),
        Runtime.version() + " (" + System.getProperty("java.vendor") + ")");
  }
}
