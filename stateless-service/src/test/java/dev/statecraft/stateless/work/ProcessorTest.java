package dev.statecraft.stateless.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
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
  void stopsWhenTold() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    assertThat(processor.burn(1_000_000, () -> asked.incrementAndGet() > 10)).isFalse();
    assertThat(asked).hasValue(11);
  }
}
