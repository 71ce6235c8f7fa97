package dev.statecraft.lab.environment.local.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The resources that a process uses.
 *
 * @param threads the number of operating system threads; null if the platform is not Linux
 * @param residentBytes the resident set size; null if the platform is not Linux
 * @param processorTime the CPU time of all its threads since its start
 */
public record ProcessUsage(@Nullable Integer threads, @Nullable Long residentBytes, Duration processorTime) {
  public static ProcessUsage of(ProcessHandle process) {
    Duration processorTime = processorTime(process);
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

  /** The CPU time of this process since its start. */
  public static Duration ofThisProcess() {
    return processorTime(ProcessHandle.current());
  }

  private static Duration processorTime(ProcessHandle process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /** The CPU time of a process and of the processes that it started, which a PostgreSQL server works with. */
  public static Duration withDescendants(ProcessHandle process) {
    return Stream.concat(Stream.of(process), process.descendants())
        .map(ProcessUsage::processorTime).reduce(Duration.ZERO, Duration::plus);
  }

  private static @Nullable Long number(List<String> status, String name) {
    return status.stream().filter(line -> line.startsWith(name)).findFirst()
        .map(line -> Long.valueOf(line.replaceAll("\\D", ""))).orElse(null);
  }
}
