package dev.statecraft.service.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A millisecond of work does not depend on the JVM's compiler. */
class CpuBurnerIT {
  /** Run in a JVM of its own that compiles nothing. */
  public static void main(String... arguments) throws InterruptedException {
    System.out.println(new CpuBurner().slicesPerMillisecond());
  }

  @Test
  void interpretedJvmMeasuresTheSameCost() throws Exception {
    Process interpreted = new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xint",
        "-cp",
        System.getProperty("java.class.path"),
        CpuBurnerIT.class.getName()).redirectErrorStream(true).start();
    try {
      assertThat(interpreted.waitFor(60, TimeUnit.SECONDS)).isTrue();
      String output = new String(interpreted.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      // Other load on the machine changes both a little; the compiler would make a plain loop some 30 times faster.
      assertThat(Double.parseDouble(output) / new CpuBurner().slicesPerMillisecond()).isBetween(0.5, 2.0);
    } finally {
      interpreted.destroyForcibly();
    }
  }
}
