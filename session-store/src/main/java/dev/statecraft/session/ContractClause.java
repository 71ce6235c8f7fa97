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
  /** A logout ends the session even if another request gave it a new id after the logout's request began. */
  LOGOUT_ENDS_ROTATED_SESSION,
  /** A save after the logout does not bring the session back. */
  LATE_SAVE_REVIVES_NOTHING,
  /** A write to a session that was deleted meanwhile is refused: no write is acknowledged that was not stored. */
  LATE_WRITE_IS_REFUSED,
  /** A request that only read a session ends without an error, even if the session was deleted meanwhile. */
  LATE_READ_IS_NO_ERROR,
  /** Every node serves every session, with the state that was last acknowledged to its user. */
  ANY_NODE_SERVES,
  /** A session survives the node that created it. */
  SURVIVES_ITS_NODE,
  /** A session can hold 64 KiB of state. */
  HOLDS_LARGE_STATE,
  /** Only values of allowed types ({@code statecraft.session.attribute-types}) are stored; others are refused. */
  STORES_ONLY_ALLOWED_TYPES,
  /** A value is read as it was set, or it is refused when it is set. */
  READS_VALUES_AS_SET,
  /** A request that ends late does not set the session's last access back. */
  LAST_ACCESS_NEVER_GOES_BACK,
  /** A negative timeout means that the session never expires, as in the Servlet specification. */
  NEGATIVE_TIMEOUT_NEVER_EXPIRES,
  /** A timeout of zero means the same as a negative one, as in the Servlet specification: the session never expires. */
  ZERO_TIMEOUT_NEVER_EXPIRES,
  /** All sessions of a user can be found by the user's name. */
  FINDS_BY_PRINCIPAL,
  /**
   * Events report that a session was created, was deleted, or has expired, the last although no request asks for it.
   */
  REPORTS_EXPIRY
}
