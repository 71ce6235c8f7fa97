package dev.statecraft.reactive.work;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The bounds of {@code GET /work}.
 *
 * @param longest the most that a caller may ask for, of CPU time and of waiting each
 * @param slowdown how many times longer than asked this node works: a stand-in for weaker hardware, 1 for none
 */
@ConfigurationProperties("statecraft.work")
record WorkProperties(Duration longest, int slowdown) {
  WorkProperties {
    if (longest.toMillis() < 1 || longest.toMillis() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("statecraft.work.longest must be between 1ms and " + Integer.MAX_VALUE + "ms");
    }
    if (slowdown < 1 || slowdown > 1000) {
      throw new IllegalArgumentException("statecraft.work.slowdown must be between 1 and 1000");
    }
  }
}
