package dev.statecraft.lab.environment.local.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Partitions the CPUs of this machine between the load generator, which is this process, and the service under test.
 * Otherwise an overloaded service would delay the load generator and distort the measurement. Uses Linux's
 * {@code taskset} (sched_setaffinity(2)), which needs no privileges; on other systems both share all CPUs.
 * {@link #close} gives this process all CPUs back. Not thread-safe.
 */
public final class CpuPartition implements AutoCloseable {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String ALLOWED_CPUS = "Cpus_allowed_list:";

  private final List<Integer> all;
  private final List<Integer> service;

  private CpuPartition(List<Integer> all, List<Integer> service) {
    this.all = all;
    this.service = service;
  }

  /** Assigns half of the CPUs, rounded up, to this process; leaves all shared if they cannot be partitioned. */
  public static CpuPartition create() throws InterruptedException {
    List<Integer> all = allowed();
    // A smaller number of available processors means a CPU quota, which pinning does not divide.
    boolean divisible = all.size() > 1 && all.size() == Runtime.getRuntime().availableProcessors();
    boolean divided = divisible && pin(all.subList(all.size() / 2, all.size()));
    return new CpuPartition(all, divided ? all.subList(0, all.size() / 2) : List.of());
  }

  /** No partition: this process and the service share all CPUs. */
  public static CpuPartition shared() {
    return new CpuPartition(List.of(), List.of());
  }

  /** The number of CPUs of the service; empty if both share all. */
  public Optional<Integer> serviceCpus() {
    return service.isEmpty() ? Optional.empty() : Optional.of(service.size());
  }

  /** The number of CPUs of the load generator; empty if both share all. */
  public Optional<Integer> loadCpus() {
    return serviceCpus().map(own -> all.size() - own);
  }

  /** The words to put before the command of the service. */
  public List<String> commandPrefix() {
    return service.isEmpty() ? List.of() : List.of("taskset", "-c", list(service));
  }

  @Override
  public void close() {
    if (service.isEmpty()) {
      return;
    }
    try {
      pin(all);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Pins every thread of this process; new threads inherit the affinity. */
  private static boolean pin(List<Integer> processors) throws InterruptedException {
    // The output has two lines for each thread, which may not fit into a pipe.
    String command = "taskset -a -c -p " + list(processors) + ' ' + ProcessHandle.current().pid() + " > /dev/null";
    try {
      CommandRunner.run(null, List.of("/bin/sh", "-c", command));
      return true;
    } catch (IOException unsupported) {
      return false;
    }
  }

  private static List<Integer> allowed() {
    try {
      return Files.readAllLines(STATUS).stream().filter(line -> line.startsWith(ALLOWED_CPUS)).findFirst()
          .map(line -> numbers(line.substring(ALLOWED_CPUS.length()).strip())).orElse(List.of());
    } catch (IOException notLinux) {
      return List.of();
    }
  }

  /** Parses a list such as {@code 0-3,8}. */
  static List<Integer> numbers(String list) {
    List<Integer> numbers = new ArrayList<>();
    for (String range : list.split(",", -1)) {
      String[] ends = range.split("-", -1);
      for (int number = Integer.parseInt(ends[0]); number <= Integer.parseInt(ends[ends.length - 1]); number++) {
        numbers.add(number);
      }
    }
    return List.copyOf(numbers);
  }

  private static String list(List<Integer> processors) {
    return String.join(",", processors.stream().map(String::valueOf).toList());
  }
}
