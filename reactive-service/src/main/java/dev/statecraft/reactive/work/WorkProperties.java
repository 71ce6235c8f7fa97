package dev.statecraft.reactive.work;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The bounds of {@code GET /work}.
 *
 * @param longest the most that a caller may ask for, of CPU time and of waiting each
 * @param queue how many requests may wait for a processor; more are refused with 503
 * @param slowdown how many times longer than asked this node works: a stand-in for weaker hardware, 1 for none
 */
@ConfigurationProperties("statecraft.work")
record WorkProperties(Duration longest, int queue, int slowdown) {
  WorkProperties {
    if (longest.toMillis() < 1 || longest.toMillis() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("statecraft.work.longest must be between 1ms and " + Integer.MAX_VALUE + "ms");
    }
    if (queue < 1) {
      throw new IllegalArgumentException("statecraft.work.queue must be at least 1");
    }
    if (slowdown < 1 || slowdown > 1000) {
      throw new IllegalArgumentException("statecraft.work.slowdown must be between 1 and 1000");
    }
  }
}
