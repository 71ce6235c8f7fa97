package dev.statecraft.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetector.Level;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Finds buffers that were never released. Netty reports a leaked buffer after its garbage collection; a buffer that is
 * leaked on purpose tells when Netty has checked.
 */
final class LeakCheck {
  private static final String MARK = "leaked by the test, number ";
  private static final Duration POLL_INTERVAL = Duration.ofMillis(20);
  private static final int POLLS_PER_COLLECTION = 10;
  private static final Queue<String> LEAKS = new ConcurrentLinkedQueue<>();
  private static final AtomicInteger MARKS = new AtomicInteger();

  private LeakCheck() {}

  /** Records each leak of a buffer from now on. */
  static void start() {
    ResourceLeakDetector.setLevel(Level.PARANOID);
    ByteBufUtil.setLeakListener((_, records) -> LEAKS.add(records));
  }

  /**
   * Tracks one of 128 buffers from now on, because tracking all takes most of the CPU time of a test with much traffic.
   */
  static void sample() {
    ResourceLeakDetector.setLevel(Level.SIMPLE);
  }

  static void assertNothingLeaked() {
    // Tracks the marked buffers in any case.
    ResourceLeakDetector.setLevel(Level.PARANOID);
    // Twice: an object can need two collections until it is reported.
    for (int i = 0; i < 2; i++) {
      String mark = MARK + MARKS.incrementAndGet() + ';';
      leak(mark);
      AtomicInteger polls = new AtomicInteger();
      await().pollInterval(POLL_INTERVAL).until(() -> {
        // Netty learns of collected objects some time after the collection.
        if (polls.getAndIncrement() % POLLS_PER_COLLECTION == 0) {
          System.gc();
        }
        ByteBufAllocator.DEFAULT.buffer().release();
        return LEAKS.stream().anyMatch(records -> records.contains(mark));
      });
    }
    List<String> leaks = LEAKS.stream().filter(records -> !records.contains(MARK)).toList();
    LEAKS.clear();
    assertThat(leaks).isEmpty();
  }

  private static void leak(String mark) {
    ByteBuf buffer = ByteBufAllocator.DEFAULT.buffer();
    buffer.touch(mark);
  }
}
