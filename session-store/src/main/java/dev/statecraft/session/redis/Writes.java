package dev.statecraft.session.redis;

/** What becomes of two requests that change one session at once. Chosen by {@code statecraft.session.redis.writes}. */
enum Writes {
  /**
   * Spring Session's own writes. Guarantee: each write is there for every node as soon as it is acknowledged. Anomaly:
   * of two requests that change the same attribute the last wins, and the other, acknowledged too, is lost.
   */
  LAST_WRITE_WINS,
  /**
   * One script, in one round trip, writes only where nothing changed since the request read. Guarantee: no acknowledged
   * write is lost to another; the loser is told (409), and a session that was ended or renamed never comes back.
   * Anomaly: a busy session refuses some of its writes, and whoever sent them must read and try again.
   */
  COMPARE_AND_SET,
  /**
   * As {@link #COMPARE_AND_SET}, and acknowledged only when {@code replicas} replicas have it (Redis {@code WAIT}).
   * Guarantee: besides, a failover to one of those replicas loses no acknowledged write. Anomaly: with fewer replicas
   * in reach a write is answered 503, although it may have been done; a failover to a replica that was not among them
   * loses it all the same, so only as many as there are make it certain; and a primary that comes back empty before
   * anybody has taken its place empties its replicas.
   */
  CONFIRMED
}
