package dev.statecraft.session.replicated.raft.membership;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The state of a member in its founded group, and the reason why it cannot take part, if so.
 *
 * @param id of this member
 * @param configuration in force, committed or not
 * @param committed the last configuration that is known to be committed
 * @param inView number of members in this member's view, itself included
 * @param hasLeader whether a leader is known
 * @param disks the last identity that each node has announced, this one's included
 */
public record Standing(
    MemberId id, Configuration configuration, Configuration committed, long inView, boolean hasLeader,
    Collection<Identity> disks) {
  private static final String UNFOUNDED = "group not founded yet";

  public Standing {
    disks = List.copyOf(disks);
  }

  /**
   * The reason while a group is being founded.
   *
   * @param members names of all configured members
   * @param heard names of the members that have announced themselves
   */
  public static String unfounded(Set<String> members, Set<String> heard) {
    return UNFOUNDED + ": needs all of " + members + ", connected to " + heard;
  }

  /** The reason while a group cannot be founded. */
  public static String unfounded(String why) {
    return UNFOUNDED + ": " + why;
  }

  /** Why this member cannot take part; empty if it can. */
  public Optional<String> unavailableReason() {
    boolean isMember = committed.contains(id.toString());
    String prefix = isMember
        ? ""
        : "new disk: the leader must add this node as a new member first; ";
    if (inView < configuration.majority()) {
      return Optional.of(
          prefix + "no majority: connected to " + inView + " of " + configuration.ids().size() + " members"
              + (isMember ? lostDisks() : ""));
    }
    if (!hasLeader) {
      return Optional.of(prefix + "the group has no leader");
    }
    return isMember ? Optional.empty() : Optional.of(prefix + "waiting for the leader");
  }

  /** Names the missing members whose nodes are connected with other, empty disks. */
  private String lostDisks() {
    List<String> lost = disks.stream()
        .filter(identity -> !configuration.contains(identity.id().toString()))
        .map(Identity::name)
        .filter(name -> configuration.named(name).isPresent())
        .sorted()
        .toList();
    if (lost.isEmpty()) {
      return "";
    }
    String lostDisks = ". The previous disks of " + lost + " are lost";
    return configuration.ids().size() - lost.size() >= configuration.majority()
        ? lostDisks + "; the other members can continue without them"
        : lostDisks
            + ", a majority: acknowledged writes may be lost. Restore the disks, or stop all members and empty all"
            + " directories to found a new, empty group";
  }
}
