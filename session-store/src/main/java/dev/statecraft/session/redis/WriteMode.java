package dev.statecraft.session.redis;

/** How concurrent writes to one session are handled: the values of {@code statecraft.session.redis.writes}. */
enum WriteMode {
  /**
   * Guarantee: an acknowledged write is visible to every node, and a session that was deleted or renamed never comes
   * back. Anomaly: if two requests change the same attribute, the last write wins and the other acknowledged write is
   * lost.
   */
  LAST_WRITE_WINS,
  /**
   * A write is made only if the attributes that it changes are as the request read them. Guarantee: no acknowledged
   * write is lost to another request; a conflicting request gets 409. Anomaly: concurrent writes to one attribute are
   * rejected, and their clients must read and retry.
   */
  COMPARE_AND_SET,
  /**
   * As {@link #COMPARE_AND_SET}, and acknowledged only after {@code replicas} replicas have the write (Redis
   * {@code WAIT}). Guarantee: a failover to one of those replicas loses no acknowledged write. Anomaly: if fewer
   * replicas respond, the answer is 503 although the write may be done; a failover to a replica that did not confirm
   * the write loses it, so set {@code replicas} to the number of all replicas to be certain; and a primary that
   * restarts empty before a failover empties its replicas.
   */
  CONFIRMED
}
