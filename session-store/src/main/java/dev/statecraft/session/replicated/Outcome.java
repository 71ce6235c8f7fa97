package dev.statecraft.session.replicated;

import dev.statecraft.session.replicated.wire.MalformedException;

/**
 * Result of a proposal.
 *
 * @param index of the log entry at which it was first applied
 */
record Outcome(Verdict verdict, long index) {
  /** Decision of the state machine, the same on every node. */
  enum Verdict {
    DONE(0),
    /** Another change of the same attribute or of the id came first; nothing was changed. */
    CONFLICT(1),
    /** There is no such session; nothing was changed. */
    GONE(2),
    /** The proposal is too old to tell whether it was applied before; it was not applied now. */
    STALE(3);

    private final int code;

    Verdict(int code) {
      this.code = code;
    }

    /** The number in snapshots and on the wire; never changes. */
    int code() {
      return code;
    }

    static Verdict ofCode(int code) {
      for (Verdict verdict : values()) {
        if (verdict.code == code) {
          return verdict;
        }
      }
      throw new MalformedException("Unknown verdict " + code);
    }
  }
}
