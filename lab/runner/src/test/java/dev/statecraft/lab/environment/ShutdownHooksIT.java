package dev.statecraft.lab.environment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ShutdownHooksIT {

  @Test
  void whatHasAnEndMeetsItOnceAndAlsoInAProcessThatIsEnding() throws Exception {
    Process lab = new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
        System.getProperty("java.class.path"), Parent.class.getName()).redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
    try {
      String said = new String(lab.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(said.lines()).containsExactlyInAnyOrder(
          "closed ended", "left open ended", "late ended", "late: this process is about to end");
      assertThat(lab.waitFor()).isZero();
    } finally {
      lab.destroyForcibly();
    }
  }

  /** A lab in small, which ends without closing all that it has. */
  static final class Parent {
    public static void main(String[] arguments) throws IOException {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> {
        try {
          open("late");
        } catch (IOException e) {
          System.out.println("late: " + e.getMessage());
        }
      }));
      open("left open");
      ShutdownHooks closed = open("closed");
      closed.close();
      closed.close();
    }

    private static ShutdownHooks open(String name) throws IOException {
      return new ShutdownHooks(name, () -> System.out.println(name + " ended"));
    }
  }
}
