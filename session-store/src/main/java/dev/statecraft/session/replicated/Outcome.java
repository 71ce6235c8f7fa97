package dev.statecraft.session.replicated;

/**
 * What became of a proposal.
 *
 * @param index the place in the log at which it was first applied
 */
record Outcome(Verdict verdict, long index) {
  /** What the state machine decided, the same on every node. */
  enum Verdict {
    DONE(0),
    /** Another change of the same attribute, or of the id, came first; nothing was done. */
    CONFLICT(1),
    /** There is no such session, any more or yet; nothing was done. */
    GONE(2),
    /** It came so late that nobody can tell whether it was done before; it was not done now. */
    STALE(3);

    private final int code;

    Verdict(int code) {
      this.code = code;
    }

    /** The number by which it stands in snapshots and on the wire, for good. */
    int code() {
      return code;
    }

    static Verdict ofCode(int code) {
      for (Verdict verdict : values()) {
        if (verdict.code == code) {
          return verdict;
        }
      }
      throw new MalformedException("No verdict " + code);
    }
  }
}
