package dev.statecraft.lab.load;

import java.time.Duration;

/**
 * The schedule of an open-loop load: when each request is due, independent of answers. The rate ramps up first, because
 * a cold cluster at full rate would measure the backlog of its JIT compilers.
 *
 * @param ratePerSecond requests due per second after the ramp-up
 * @param warmUp time before measuring: the rate rises linearly from 0 during the first half, then stays constant
 * @param measured time for which the rate is then held and measured
 */
public record Arrivals(double ratePerSecond, Duration warmUp, Duration measured) {
  public Arrivals {
    if (!(ratePerSecond > 0) || warmUp.isNegative() || !measured.isPositive()) {
      throw new IllegalArgumentException("rate and measured time must be positive, and warm-up not negative");
    }
  }

  /** When request number {@code index} is due, in nanoseconds since the start. */
  long due(long index) {
    double rampSeconds = rampSeconds();
    double rampRequests = rampSeconds * ratePerSecond / 2;
    double seconds = index < rampRequests
        ? Math.sqrt(2 * index * rampSeconds / ratePerSecond)
        : rampSeconds + (index - rampRequests) / ratePerSecond;
    return (long) (seconds * 1e9);
  }

  /** The number of requests, including the warm-up. */
  long count() {
    double seconds = (warmUp.toNanos() + measured.toNanos()) / 1e9;
    return (long) Math.ceil((seconds - rampSeconds() / 2) * ratePerSecond);
  }

  private double rampSeconds() {
    return warmUp.toNanos() / 1e9 / 2;
  }
}
