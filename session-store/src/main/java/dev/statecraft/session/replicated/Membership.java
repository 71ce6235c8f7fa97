package dev.statecraft.session.replicated;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a member stands in its group, as far as it knows.
 *
 * @param group names the group; null before it belongs to one
 * @param members the names of those who decide, as last committed
 * @param member whether this node is one of them
 * @param leaves whether it has asked to be taken out; when it is no member any more, it is
 * @param changing whether a change of the members is in its log and not known to be committed
 */
record Membership(
    String node, @Nullable String group, @Nullable String leader, List<String> members, boolean member, boolean leaves,
    boolean changing) {
  Membership {
    members = List.copyOf(members);
  }
}
