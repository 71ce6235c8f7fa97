package dev.statecraft.lab.environment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated
class ShutdownHooksIT {

  @Test
  void runsEachActionOnce() throws Exception {
    Process lab = new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
        System.getProperty("java.class.path"), Parent.class.getName()).redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
    try {
      String output = new String(lab.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(output.lines()).containsExactlyInAnyOrder(
          "closed ran", "left open ran", "late ran", "late: this process is shutting down");
      assertThat(lab.waitFor()).isZero();
    } finally {
      lab.destroyForcibly();
    }
  }

  /** Exits with an open hook, and registers another one during shutdown. */
  static final class Parent {
    public static void main(String[] arguments) throws IOException {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> {
        try {
          register("late");
        } catch (IOException e) {
          System.out.println("late: " + e.getMessage());
        }
      }));
      register("left open");
      ShutdownHooks closed = register("closed");
      closed.close();
      closed.close();
    }

    private static ShutdownHooks register(String name) throws IOException {
      return new ShutdownHooks(name, () -> System.out.println(name + " ran"));
    }
  }
}
