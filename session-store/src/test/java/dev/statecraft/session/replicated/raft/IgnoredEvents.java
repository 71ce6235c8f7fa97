package dev.statecraft.session.replicated.raft;

import java.time.Duration;

/** Events of a member whose leader no test asks for, and which must not fail. */
final class IgnoredEvents implements StrictRaft.Events {
  @Override
  public void leaderMayHaveChanged() {
    // Ignored.
  }

  @Override
  public void snapshotTaken(Duration time) {
    // Ignored.
  }

  @Override
  public void failed(Throwable cause) {
    throw new AssertionError(cause);
  }
}
