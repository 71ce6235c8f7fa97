package dev.statecraft.session;

/** Where session state lives. Chosen by {@code statecraft.session.strategy}. */
public enum SessionStrategy {
  /**
   * In the memory of one owner node, to which the gateway pins the session. Guarantee: linearizable while its owner
   * lives. Anomaly: the owner's death loses its sessions.
   */
  AFFINITY,
  /**
   * In a Redis that every node shares. Guarantee: any node serves any session. Anomaly: the last write wins on concurrent
   * requests of one session, and what Redis loses on failover is lost.
   */
  REDIS,
  /**
   * On every node, in one order that a Raft group of the nodes agrees on. Guarantee: an acknowledged write survives the
   * loss of any minority. Anomaly: the minority side of a partition refuses writes.
   */
  REPLICATED,
  /**
   * In the client's own cookie, sealed. Guarantee: survives the loss of every node. Anomaly: size cap; no revocation
   * without a deny list; concurrent tabs overwrite each other; an old cookie can be replayed.
   */
  COOKIE
}
