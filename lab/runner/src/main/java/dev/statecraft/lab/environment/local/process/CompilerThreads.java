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

/** The threads by which HotSpot compiles while a program runs; read from Linux's /proc. */
public final class CompilerThreads {
  /** As the kernel has their names, which it cuts after 15 characters. */
  private static final Pattern NAME = Pattern.compile("C[12] CompilerThre");
  /** After the name and its bracket, of the fields that proc(5) numbers from 1: state is the third. */
  private static final int USER_TICKS = 14 - 3;
  private static final int SYSTEM_TICKS = 15 - 3;
  /** USER_HZ, which Linux has shown to programs as 100 on every architecture that Java runs on. */
  private static final long TICK_MILLIS = 10;

  private CompilerThreads() {}

  /** The processor time that they have used, or empty where the process is gone or the system does not tell. */
  public static Optional<Duration> processorTime(ProcessHandle process) {
    return processorTime(Path.of("/proc", Long.toString(process.pid()), "task"));
  }

  /** The same by the directory that holds one directory for each thread. */
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
