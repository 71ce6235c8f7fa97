package dev.statecraft.lab.environment.local.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Measures HotSpot's JIT compiler threads through Linux's {@code /proc}. */
public final class CompilerThreads {
  /** The kernel truncates thread names to 15 characters. */
  private static final Pattern NAME = Pattern.compile("C[12] CompilerThre");
  /** Fields of proc(5) after the name; "state", field 3, is the first of them. */
  private static final int USER_TICKS = 14 - 3;
  private static final int SYSTEM_TICKS = 15 - 3;
  /** USER_HZ is 100 on every architecture that Java supports. */
  private static final long TICK_MILLIS = 10;

  private CompilerThreads() {}

  /** Their total CPU time; empty if the process has exited or the platform is not Linux. */
  public static Optional<Duration> processorTime(ProcessHandle process) {
    return processorTime(Path.of("/proc", Long.toString(process.pid()), "task"));
  }

  /** The same for a {@code task} directory, which has a subdirectory for each thread. */
  static Optional<Duration> processorTime(Path threads) {
    List<Path> all;
    try (Stream<Path> listed = Files.list(threads)) {
      all = listed.toList();
    } catch (IOException | UncheckedIOException notLinuxOrGone) {
      return Optional.empty();
    }
    long ticks = all.stream().mapToLong(CompilerThreads::ticks).sum();
    return Optional.of(Duration.ofMillis(ticks * TICK_MILLIS));
  }

  private static long ticks(Path thread) {
    String stat;
    try {
      stat = Files.readString(thread.resolve("stat"));
    } catch (IOException endedMeanwhile) {
      return 0;
    }
    int open = stat.indexOf('(');
    int close = stat.lastIndexOf(')');
    if (open < 0 || close < open || !NAME.matcher(stat.substring(open + 1, close)).matches()) {
      return 0;
    }
    String[] fields = stat.substring(close + 1).strip().split(" ", -1);
    return Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS]);
  }
}
