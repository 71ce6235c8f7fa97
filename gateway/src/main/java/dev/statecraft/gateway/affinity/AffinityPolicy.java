package dev.statecraft.gateway.affinity;

/**
 * The values of a route's {@code affinity} setting. All but {@link #NONE} keep the assignment in a signed cookie
 * ({@link AffinityCookie}). They differ in who chooses the node at login, and when the owner is gone.
 */
public enum AffinityPolicy {
  /** Any node serves any request. */
  NONE,
  /** The balancing rule chooses the node. Spreads sessions as well as the rule spreads requests. */
  LOGIN_COOKIE,
  /** The user chooses one of the offered nodes; without a choice, the balancing rule: {@link UserChoiceAffinity}. */
  USER_CHOICE,
  /** The client's network selects a group of nodes, and the balancing rule chooses in it: {@link NetworkAffinity}. */
  NETWORK,
  /** A hash of the user's name, so all devices of a user are assigned to one node: {@link UserIdAffinity}. */
  USER_ID
}
