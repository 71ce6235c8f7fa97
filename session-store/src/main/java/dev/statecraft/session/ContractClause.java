package dev.statecraft.session;

/**
 * What the contract asks of a strategy. The contract's tests judge every strategy by every clause; a strategy that
 * cannot keep one says so in its {@link Guarantee}, and the same tests then prove that the anomaly is real.
 */
public enum ContractClause {
  /** Two requests that change different attributes of one session at once both take effect. */
  DIFFERENT_ATTRIBUTES_MERGE,
  /** Of two requests that change the same attribute at once, the second is refused: no update is lost. */
  LOST_UPDATE_IS_REFUSED,
  /** What a client held before its session's id was rotated opens nothing any more. */
  ROTATED_ID_IS_DEAD,
  /** What a client held before it logged out opens nothing any more. */
  DELETED_SESSION_IS_DEAD,
  /** An answer that is saved after the logout does not bring the session back. */
  LATE_SAVE_REVIVES_NOTHING,
  /** Every node serves every session, with what was last acknowledged to its user. */
  ANY_NODE_SERVES,
  /** A session outlives the node that opened it. */
  SURVIVES_ITS_NODE,
  /** A state of 64 KiB is held. */
  HOLDS_LARGE_STATE
}
