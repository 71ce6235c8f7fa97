package dev.statecraft.session.replicated;

/** Of a member that nobody asks for its leader, and that may not fail. */
final class UnheardEvents implements StrictRaft.Events {
  @Override
  public void leaderMayHaveChanged() {
    // Nobody asks.
  }

  @Override
  public void failed(Throwable cause) {
    throw new AssertionError(cause);
  }
}
