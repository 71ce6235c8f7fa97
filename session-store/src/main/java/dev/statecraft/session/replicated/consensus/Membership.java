package dev.statecraft.session.replicated.consensus;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node's membership in its group, as far as the node knows.
 *
 * @param group id of the group; null before the node belongs to one
 * @param leader name of the leader; null if none is known
 * @param members names of the voting members in the last committed configuration
 * @param member whether this node is one of them
 * @param leaves whether this node has asked to be removed; stays true after it was
 * @param changing whether the log holds a membership change that is not known to be committed
 */
public record Membership(
    String node, @Nullable String group, @Nullable String leader, List<String> members, boolean member, boolean leaves,
    boolean changing) {
  public Membership {
    members = List.copyOf(members);
  }
}
