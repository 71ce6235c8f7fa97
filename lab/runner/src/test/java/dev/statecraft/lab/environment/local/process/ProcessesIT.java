package dev.statecraft.lab.environment.local.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated
class ProcessesIT {

  @Test
  void closeKillsAllChildren() throws IOException {
    Processes processes = new Processes();
    Process first = processes.start(sleeper());
    Process second = processes.start(sleeper());

    processes.close();

    assertThat(first.isAlive()).isFalse();
    assertThat(second.isAlive()).isFalse();
  }

  @Test
  void killsDescendantsOfAChild() throws Exception {
    try (Processes processes = new Processes()) {
      Process parent = processes.start(new ProcessBuilder("/bin/sh", "-c", "sleep 600 & echo $!; wait"));
      long grandchild = Long.parseLong(String.valueOf(firstLine(parent)));

      processes.kill(parent);

      await().until(() -> !isAlive(grandchild));
    }
  }

  @Test
  void rejectsStartAfterClose() {
    Processes processes = new Processes();
    processes.close();

    assertThatThrownBy(() -> processes.start(sleeper())).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void closeIsIdempotent() throws IOException {
    Processes processes = new Processes();
    processes.start(sleeper());

    processes.close();
    processes.close();
  }

  @Test
  void childrenDieWithAKilledLab() throws Exception {
    Process lab = new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
        System.getProperty("java.class.path"), Parent.class.getName()).redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
    try {
      String[] pids = String.valueOf(firstLine(lab)).split(" ", -1);
      long watched = Long.parseLong(pids[0]);
      long killed = Long.parseLong(pids[1]);
      assertThat(isAlive(watched)).isTrue();
      assertThat(isAlive(killed)).isFalse();

      lab.destroyForcibly();

      await().atMost(Duration.ofSeconds(20)).until(() -> !isAlive(watched));
    } finally {
      lab.destroyForcibly();
    }
  }

  /** Has a running child and one that it has killed. */
  static final class Parent {
    public static void main(String[] arguments) throws Exception {
      Processes processes = new Processes();
      Process watched = processes.start(sleeper());
      Process killed = processes.start(sleeper());
      processes.kill(killed);
      System.out.println(watched.pid() + " " + killed.pid());
      watched.waitFor();
    }
  }

  private static ProcessBuilder sleeper() {
    return new ProcessBuilder("sleep", "600");
  }

  private static String firstLine(Process process) throws IOException {
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      return String.valueOf(reader.readLine());
    }
  }

  private static boolean isAlive(long pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }
}
