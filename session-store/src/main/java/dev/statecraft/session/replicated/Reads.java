package dev.statecraft.session.replicated;

/** What a read may miss. Chosen by {@code statecraft.session.replicated.reads}. */
enum Reads {
  /**
   * No write that was acknowledged before the read began. Guarantee: linearizable. Costs a log entry, shared by
   * concurrent reads; the minority side of a partition cannot read.
   */
  LINEARIZABLE,
  /**
   * No write that the same user made or was shown. Guarantee: read your writes, monotonic reads. Costs no message: the
   * node answers from its memory, and waits while it lags behind. Anomaly: a read may miss a write of another client of
   * the same session for as long as the node lags; if two answers arrive out of order, the client may keep the older
   * token.
   */
  SESSION,
  /** Any write that the node has not applied yet. Never waits. Anomaly: a user may read stale data. */
  LOCAL
}
