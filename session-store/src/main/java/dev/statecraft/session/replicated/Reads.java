package dev.statecraft.session.replicated;

/** What a read may miss. Chosen by {@code statecraft.session.replicated.reads}. */
enum Reads {
  /**
   * Nothing that was acknowledged to anybody before the read began. Guarantee: linearizable. Costs an entry in the log,
   * shared by the reads that come at the same time; the minority side of a partition cannot read.
   */
  LINEARIZABLE,
  /**
   * Nothing that its own user wrote or was shown. Guarantee: read your writes, monotonic reads. Costs no message: the
   * node answers from its memory, and waits where it lags. Anomaly: what another client of the same session wrote may
   * be missed for as long as the node lags; two answers that overtake each other on the way may leave the older token
   * at the client.
   */
  SESSION,
  /** Whatever the node has. Never waits. Anomaly: a user may see the past. */
  LOCAL
}
