package dev.statecraft.gateway.affinity;

/**
 * The assignment policies that {@code affinity} of a route may name. All but {@link #NONE} keep the assignment in a
 * signed cookie ({@link AffinityCookie}); they differ in who decides it, at login and when the owner is gone.
 */
public enum Affinity {
  /** Any node serves any request. */
  NONE,
  /** The balancing rule assigns a node. Spreads sessions as well as the rule spreads requests. */
  LOGIN_COOKIE,
  /** The user picks one of the nodes offered, and falls to the rule without a choice; see {@link UserChoice}. */
  USER_CHOICE,
  /** The client's network names a group of nodes, and the rule chooses among them; see {@link NetworkGroups}. */
  NETWORK,
  /** The user's name is hashed to a node: the same user meets the same node from any device; see {@link UserId}. */
  USER_ID
}
