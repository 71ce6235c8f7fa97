package dev.statecraft.lab.load;

import java.time.Duration;

/**
 * When requests are due, whatever the answers. The rate climbs first: a cold cluster that meets the full rate at once
 * would measure the backlog of its compilers.
 *
 * @param ratePerSecond requests that are due in each second
 * @param warmUp how long before measuring begins: for half of that time the rate climbs evenly from nothing, then it is
 * held
 * @param measured for how long it is held from then on
 */
public record Arrivals(double ratePerSecond, Duration warmUp, Duration measured) {

  public Arrivals {
    if (!(ratePerSecond > 0) || warmUp.isNegative() || !measured.isPositive()) {
      throw new IllegalArgumentException("requests need a rate and a duration to be due");
    }
  }

  /** When request number {@code index} is due, in nanoseconds since the first. */
  long due(long index) {
    double climbSeconds = climbSeconds();
    double climbing = climbSeconds * ratePerSecond / 2;
    double seconds = index < climbing
        ? Math.sqrt(2 * index * climbSeconds / ratePerSecond)
        : climbSeconds + (index - climbing) / ratePerSecond;
    return (long) (seconds * 1e9);
  }

  /** How many there are, those of the warm-up included. */
  long count() {
    double seconds = (warmUp.toNanos() + measured.toNanos()) / 1e9;
    return (long) Math.ceil((seconds - climbSeconds() / 2) * ratePerSecond);
  }

  private double climbSeconds() {
    return warmUp.toNanos() / 1e9 / 2;
  }
}
