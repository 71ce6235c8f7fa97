package dev.statecraft.stateless.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ProcessorTest {
  private final Processor processor = new Processor();

  @Test
  void burnsTheCpuTimeThatItIsAskedFor() throws Exception {
    processor.burn(1, () -> false);
    long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    assertThat(processor.burn(100, () -> false)).isTrue();
    double millis = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before) / 1e6;
    // CPU time, not time on a clock: a busy machine changes it by what it does to caches and clock rates only.
    assertThat(millis).isBetween(50.0, 300.0);
  }

  @Test
  void aMillisecondIsTheSameWorkBeforeAndAfterTheCompilerHasBeenAtIt() throws Exception {
    Process interpreted = new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xint",
        "-cp",
        System.getProperty("java.class.path"),
        ProcessorTest.class.getName()).redirectErrorStream(true).start();
    try {
      assertThat(interpreted.waitFor(60, TimeUnit.SECONDS)).isTrue();
      String printed = new String(interpreted.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      // The machine's own noise is in both; the compiler would make our own loop some thirty times as fast.
      assertThat(Double.parseDouble(printed) / processor.measured()).isBetween(0.5, 2.0);
    } finally {
      interpreted.destroyForcibly();
    }
  }

  /** Run by a JVM that compiles nothing: prints what a millisecond holds there. */
  public static void main(String... none) throws InterruptedException {
    System.out.println(new Processor().measured());
  }

  @Test
  void stopsWhenTold() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    assertThat(processor.burn(1_000_000, () -> asked.incrementAndGet() > 10)).isFalse();
    assertThat(asked).hasValue(11);
  }
}
