package dev.statecraft.service.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CpuBurnerTest {
  private final CpuBurner burner = new CpuBurner();

  @Test
  void workIsProportionalToTheTime() throws Exception {
    AtomicInteger slices = new AtomicInteger();
    assertThat(burner.burn(20, () -> slices.incrementAndGet() < 0)).isTrue();
    assertThat(slices).hasValue((int) Math.round(20 * burner.slicesPerMillisecond()));
    assertThat(burner.burn(60, () -> slices.incrementAndGet() < 0)).isTrue();
    assertThat(slices.get()).isCloseTo((int) Math.round(80 * burner.slicesPerMillisecond()), within(2));
  }

  @Test
  void longerWorkCostsMoreCpuTime() throws Exception {
    burner.burn(1, () -> false);
    long brief = cpuNanosOf(5);
    long lengthy = cpuNanosOf(50);
    assertThat(lengthy).isGreaterThan(2 * brief);
  }

  @Test
  void stopsWhenTold() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    assertThat(burner.burn(1_000_000, () -> asked.incrementAndGet() > 10)).isFalse();
    assertThat(asked).hasValue(11);
  }

  private long cpuNanosOf(int millis) throws InterruptedException {
    long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    assertThat(burner.burn(millis, () -> false)).isTrue();
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
  }
}
