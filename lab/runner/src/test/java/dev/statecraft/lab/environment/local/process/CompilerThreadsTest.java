package dev.statecraft.lab.environment.local.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class CompilerThreadsTest {
  @TempDir
  private Path threads;

  @Test
  void sumsTheTimeOfCompilerThreadsOnly() throws IOException {
    thread(11, "C1 CompilerThre", 7, 3);
    thread(12, "C2 CompilerThre", 200, 5);
    thread(13, "VM Thread", 1_000, 1_000);
    thread(14, "not a C2 CompilerThre", 1_000, 1_000);

    assertThat(CompilerThreads.processorTime(threads)).contains(Duration.ofMillis(2_150));
  }

  @Test
  void parsesThreadNamesWithBrackets() throws IOException {
    thread(11, "odd) name (1 2", 50, 50);
    thread(12, "C2 CompilerThre", 1, 0);

    assertThat(CompilerThreads.processorTime(threads)).contains(Duration.ofMillis(10));
  }

  @Test
  void ignoresThreadsThatExitMeanwhile() throws IOException {
    Files.createDirectory(threads.resolve("15"));

    assertThat(CompilerThreads.processorTime(threads)).contains(Duration.ZERO);
  }

  @Test
  void isEmptyForAnExitedProcess() {
    assertThat(CompilerThreads.processorTime(threads.resolve("gone"))).isEmpty();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void measuresThisProcess() {
    assertThat(CompilerThreads.processorTime(ProcessHandle.current()).orElseThrow()).isPositive();
  }

  private void thread(int id, String name, int userTicks, int systemTicks) throws IOException {
    Path thread = Files.createDirectory(threads.resolve(Integer.toString(id)));
    Files.writeString(
        thread.resolve("stat"),
        id + " (" + name + ") S 1 " + id + " " + id + " 0 -1 4194368 10 0 0 0 " + userTicks + " " + systemTicks
            + " 0 0 20 0 30 0 1234 5678\n");
  }
}
