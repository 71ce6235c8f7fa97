package dev.statecraft.session;

/**
 * A rule of the contract that the contract tests check for every strategy. A strategy that breaks a rule lists it in
 * its {@link Guarantee}; the same tests then check that the anomaly is real.
 */
public enum ContractClause {
  /** Two concurrent requests that change different attributes of one session both take effect. */
  DIFFERENT_ATTRIBUTES_MERGE,
  /** Of two concurrent requests that change the same attribute, the second is rejected: no update is lost. */
  LOST_UPDATE_IS_REFUSED,
  /** A token from before the session's id was rotated finds no session. */
  ROTATED_ID_IS_DEAD,
  /** A token from before a logout finds no session. */
  DELETED_SESSION_IS_DEAD,
  /** A save after the logout does not bring the session back. */
  LATE_SAVE_REVIVES_NOTHING,
  /** Every node serves every session, with the state that was last acknowledged to its user. */
  ANY_NODE_SERVES,
  /** A session survives the node that created it. */
  SURVIVES_ITS_NODE,
  /** A session can hold 64 KiB of state. */
  HOLDS_LARGE_STATE,
  /** All sessions of a user can be found by the user's name. */
  FINDS_BY_PRINCIPAL,
  /** The end of a session that expired is reported, although no request asks for it. */
  REPORTS_EXPIRY
}
