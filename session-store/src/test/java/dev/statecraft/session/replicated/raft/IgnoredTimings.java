package dev.statecraft.session.replicated.raft;

import dev.statecraft.session.replicated.consensus.DiskTimings;
import java.time.Duration;

/** Timings that no test asks for. */
public final class IgnoredTimings implements DiskTimings {
  @Override
  public void appended(Duration time) {
    // Ignored.
  }

  @Override
  public void snapshotTaken(Duration time) {
    // Ignored.
  }
}
