package dev.statecraft.stateless;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** What calculates for {@code /work?cpu=}. The test's own {@code main} prints {@link #measured}. */
public interface CpuBurnerContract {
  /** As the service's own. */
  boolean burn(int millis, BooleanSupplier stop) throws InterruptedException;

  /** What a millisecond holds. */
  double measured() throws InterruptedException;

  @Test
  default void burnsTheCpuTimeThatItIsAskedFor() throws Exception {
    burn(1, () -> false);
    long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    assertThat(burn(100, () -> false)).isTrue();
    double millis = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before) / 1e6;
    // CPU time, not time on a clock: a busy machine changes it by what it does to caches and clock rates only.
    assertThat(millis).isBetween(50.0, 300.0);
  }

  @Test
  default void aMillisecondIsTheSameWorkBeforeAndAfterTheCompilerHasBeenAtIt() throws Exception {
    Process interpreted = new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xint",
        "-cp",
        System.getProperty("java.class.path"),
        getClass().getName()).redirectErrorStream(true).start();
    try {
      assertThat(interpreted.waitFor(60, TimeUnit.SECONDS)).isTrue();
      String printed = new String(interpreted.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      // The machine's own noise is in both; the compiler would make our own loop some thirty times as fast.
      assertThat(Double.parseDouble(printed) / measured()).isBetween(0.5, 2.0);
    } finally {
      interpreted.destroyForcibly();
    }
  }

  @Test
  default void stopsWhenTold() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    assertThat(burn(1_000_000, () -> asked.incrementAndGet() > 10)).isFalse();
    assertThat(asked).hasValue(11);
  }
}
