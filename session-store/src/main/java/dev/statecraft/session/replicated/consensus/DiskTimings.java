package dev.statecraft.session.replicated.consensus;

import java.time.Duration;

/** Is told how long the engine used its disk. Called with the engine's lock held; must return at once. */
public interface DiskTimings {
  /** Entries were appended to the log and, if the log is synchronous, forced to the disk. */
  void appended(Duration time);

  /** The state was written to a snapshot, which replaced the log before it. */
  void snapshotTaken(Duration time);
}
