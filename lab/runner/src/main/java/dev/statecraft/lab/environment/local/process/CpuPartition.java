package dev.statecraft.lab.environment.local.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Divides the processors of this machine between this process, which makes the load, and the service that it measures.
 * Where they share them, a service that has more to do than it can takes them from the load, which is then late itself
 * and blames the service. By Linux's {@code taskset} (sched_setaffinity(2)), which needs no rights; elsewhere they
 * share. Ended by {@link #close}, which gives this process all of them back. Not thread-safe.
 */
public final class CpuPartition implements AutoCloseable {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String ALLOWED = "Cpus_allowed_list:";

  private final List<Integer> all;
  private final List<Integer> service;

  private CpuPartition(List<Integer> all, List<Integer> service) {
    this.all = all;
    this.service = service;
  }

  /**
   * Gives this process one half of the processors, the larger where they are odd; none is divided where that cannot be.
   */
  public static CpuPartition create() throws InterruptedException {
    List<Integer> all = allowed();
    // Otherwise there is one, or a quota of time, which no division of processors would divide.
    boolean divisible = all.size() > 1 && all.size() == Runtime.getRuntime().availableProcessors();
    boolean divided = divisible && move(all.subList(all.size() / 2, all.size()));
    return new CpuPartition(all, divided ? all.subList(0, all.size() / 2) : List.of());
  }

  /** How many are the service's own, or empty where it shares all with the load. */
  public Optional<Integer> serviceCpus() {
    return service.isEmpty() ? Optional.empty() : Optional.of(service.size());
  }

  /** How many are the load's own, likewise. */
  public Optional<Integer> loadCpus() {
    return serviceCpus().map(own -> all.size() - own);
  }

  /** What comes before the command of the service. */
  public List<String> entry() {
    return service.isEmpty() ? List.of() : List.of("taskset", "-c", list(service));
  }

  @Override
  public void close() {
    if (service.isEmpty()) {
      return;
    }
    try {
      move(all);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Moves every thread of this process; a new one goes where the thread is that starts it. */
  private static boolean move(List<Integer> processors) throws InterruptedException {
    // It says two lines of each thread, more than a pipe need hold.
    String command = "taskset -a -c -p " + list(processors) + ' ' + ProcessHandle.current().pid() + " > /dev/null";
    try {
      CommandRunner.run(null, List.of("/bin/sh", "-c", command));
      return true;
    } catch (IOException cannot) {
      return false;
    }
  }

  private static List<Integer> allowed() {
    try {
      return Files.readAllLines(STATUS).stream().filter(line -> line.startsWith(ALLOWED)).findFirst()
          .map(line -> numbers(line.substring(ALLOWED.length()).strip())).orElse(List.of());
    } catch (IOException notLinux) {
      return List.of();
    }
  }

  /** The numbers of a list such as {@code 0-3,8}. */
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
