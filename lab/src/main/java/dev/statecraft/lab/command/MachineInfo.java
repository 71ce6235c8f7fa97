package dev.statecraft.lab.command;

import com.sun.management.OperatingSystemMXBean;
import dev.statecraft.lab.report.Results.Machine;
import java.lang.management.ManagementFactory;

/** Where the lab runs, as a reader of its figures must know it. */
final class MachineInfo {
  private MachineInfo() {}

  static Machine describe() {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return new Machine(
        system.getName() + " " + system.getVersion() + " " + system.getArch(),
        Runtime.getRuntime().availableProcessors(),
        system.getTotalMemorySize(), Runtime.version() + " (" + System.getProperty("java.vendor") + ")");
  }
}
