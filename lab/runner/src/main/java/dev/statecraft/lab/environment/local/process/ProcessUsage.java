package dev.statecraft.lab.environment.local.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a process takes of the machine.
 *
 * @param threads of the operating system, or null where the system does not tell (it is read from Linux's /proc)
 * @param residentBytes its memory that is in use, or null likewise
 * @param processorTime what all its threads have used since it began
 */
public record ProcessUsage(@Nullable Integer threads, @Nullable Long residentBytes, Duration processorTime) {
  public static ProcessUsage of(ProcessHandle process) {
    Duration processorTime = process.info().totalCpuDuration().orElse(Duration.ZERO);
    List<String> status;
    try {
      status = Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status"));
    } catch (IOException notLinuxOrGone) {
      return new ProcessUsage(null, null, processorTime);
    }
    Long threads = number(status, "Threads:");
    Long residentKibibytes = number(status, "VmRSS:");
    return new ProcessUsage(threads == null ? null : Math.toIntExact(threads),
        residentKibibytes == null ? null : residentKibibytes * 1024, processorTime);
  }

  private static @Nullable Long number(List<String> status, String name) {
    return status.stream().filter(line -> line.startsWith(name)).findFirst()
        .map(line -> Long.valueOf(line.replaceAll("\\D", ""))).orElse(null);
  }
}
