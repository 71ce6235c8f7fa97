package dev.statecraft.lab.experiment.strategies;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decides from samples of one second whether a cluster is warm. Pure. */
final class Steadiness {
  /** Seconds that are compared with as many before. */
  static final int WINDOW = 5;
  /** A rise that other load on the machine may cause. */
  private static final double MAX_RISE = 1.05;
  /** CPUs that the JIT compilers of all nodes use at most when they have nothing left of weight. */
  static final double IDLE_COMPILER_CPUS = 0.2;

  private Steadiness() {}

  /**
   * The load of one second.
   *
   * @param goodPerSecond good answers
   * @param compilerProcessors CPUs that the JIT compilers of all nodes used; null if unknown
   */
  record Sample(double goodPerSecond, @Nullable Double compilerProcessors) {}

  /** Whether the throughput has stopped rising and, where it is known, the compilers are idle. */
  static boolean isSteady(List<Sample> samples) {
    if (samples.size() < 2 * WINDOW) {
      return false;
    }
    List<Sample> last = samples.subList(samples.size() - WINDOW, samples.size());
    List<Sample> before = samples.subList(samples.size() - 2 * WINDOW, samples.size() - WINDOW);
    Double compilers = compilerProcessors(samples);
    return mean(last) > 0 && mean(last) <= MAX_RISE * mean(before)
        && (compilers == null || compilers <= IDLE_COMPILER_CPUS);
  }

  /** What the compilers used in the last {@link #WINDOW}; null if unknown in one of its seconds, or without samples. */
  static @Nullable Double compilerProcessors(List<Sample> samples) {
    double sum = 0;
    List<Sample> last = samples.subList(Math.max(0, samples.size() - WINDOW), samples.size());
    for (Sample sample : last) {
      Double used = sample.compilerProcessors();
      if (used == null) {
        return null;
      }
      sum += used;
    }
    return last.isEmpty() ? null : (Double) (sum / last.size());
  }

  private static double mean(List<Sample> samples) {
    return samples.stream().mapToDouble(Sample::goodPerSecond).average().orElse(0);
  }
}
