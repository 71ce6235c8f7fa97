package dev.statecraft.session.replicated;

import dev.statecraft.session.replicated.consensus.DiskTimings;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;

/** Metrics of the consensus engine that are no plain gauge of a {@link ReplicatedNode}. Thread-safe. */
final class EngineMetrics implements DiskTimings {
  private final Timer appends;
  private final Timer snapshots;
  private final MultiGauge followerLag;

  EngineMetrics(MeterRegistry meters) {
    appends = Timer.builder("statecraft.session.replicated.fsync")
        .description("Appends to the log on disk, with their fsync if the log is synchronous").register(meters);
    snapshots = Timer.builder("statecraft.session.replicated.snapshot")
        .description("Snapshots of the state that replaced the log before them").register(meters);
    followerLag = MultiGauge.builder("statecraft.session.replicated.follower.lag").baseUnit("entries")
        .description("Entries by which the log of a follower lags behind this leader's").register(meters);
  }

  @Override
  public void appended(Duration time) {
    appends.record(time);
  }

  @Override
  public void snapshotTaken(Duration time) {
    snapshots.record(time);
  }

  /** Exports one series for each follower, and removes those of nodes that are none any more. */
  void followerLags(Map<String, Long> lags) {
    followerLag.register(lags.entrySet().stream()
        .map(lag -> MultiGauge.Row.of(Tags.of("follower", lag.getKey()), lag.getValue())).toList(), true);
  }
}
