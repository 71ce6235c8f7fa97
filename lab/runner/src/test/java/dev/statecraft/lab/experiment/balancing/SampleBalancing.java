package dev.statecraft.lab.experiment.balancing;

import dev.statecraft.lab.experiment.balancing.BalancingResults.Changing;
import dev.statecraft.lab.experiment.balancing.BalancingResults.Grey;
import dev.statecraft.lab.experiment.balancing.BalancingResults.Run;
import dev.statecraft.lab.experiment.balancing.BalancingResults.Setup;
import dev.statecraft.lab.experiment.balancing.BalancingResults.Share;
import dev.statecraft.lab.experiment.balancing.BalancingResults.Steady;
import dev.statecraft.lab.load.Measurement.Latency;
import dev.statecraft.lab.report.Machine;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Invented results for report tests: four nodes, one of them slow. */
public final class SampleBalancing {
  private static final Setup SETUP = new Setup(4, "slow", 10, 10, 200, 8, 8);

  private SampleBalancing() {}

  public static BalancingResults of(Run... runs) {
    return new BalancingResults(
        BalancingResults.SCHEMA, Instant.parse("2026-01-02T03:04:05Z"), "./statecraft compare balancing --seed 7", 7,
        new Machine("Linux", 2, 8L << 30, "25"), SETUP, List.of(runs));
  }

  /** A run with one grey failure. */
  static Run grey(String rule, long errors, @Nullable Double ejected) {
    Run run = run(rule, 25, 0, 12.0);
    return new Run(rule, run.steady(), run.changing(),
        List.of(new Grey("errors", true, 1_000, errors, 190, new Latency(11, 20, 110, 130), 12.5, ejected)));
  }

  public static Run run(String rule, double slowPercent, long errors, @Nullable Double ejected) {
    double rest = (100 - slowPercent) / 3;
    List<Share> shares = List.of(
        new Share("slow", 1, slowPercent), new Share("node-2", 1, rest), new Share("node-3", 1, rest),
        new Share("node-4", 1, rest));
    return new Run(
        rule, new Steady(1_600, 0, 200, new Latency(11, 10 + slowPercent, 100, 120), shares),
        new Changing(1_600, errors, 199, new Latency(11, 20, 110, 130), "node-4", "node-5", ejected, 480.0, 3, 0.19),
        List.of());
  }
}
