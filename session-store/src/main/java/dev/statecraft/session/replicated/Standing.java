package dev.statecraft.session.replicated;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How a member stands in its founded group, and in words what keeps it from taking part. Pure.
 *
 * @param id its own
 * @param configuration by which it counts, committed or not
 * @param decided the last configuration that it knows to be committed
 * @param inView how many members of the group it sees, itself included
 * @param hasLeader whether it knows one
 * @param disks what it and the others have last told of their disks
 */
record Standing(
    MemberId id, Configuration configuration, Configuration decided, long inView, boolean hasLeader,
    Collection<Identity> disks) {
  private static final String UNFOUNDED = "the group is not founded yet";

  Standing {
    disks = List.copyOf(disks);
  }

  /**
   * What a member says of a group that is still to be founded.
   *
   * @param members all that are configured
   * @param heard those that have told of themselves
   */
  static String unfounded(Set<String> members, Set<String> heard) {
    return UNFOUNDED + "; it needs all of " + members + ", has heard of " + heard;
  }

  /** What a member says of a group that cannot be founded until something changes. */
  static String unfounded(String why) {
    return UNFOUNDED + ": " + why;
  }

  /** Why it takes no part, if so. */
  Optional<String> whyNotTakingPart() {
    boolean isMember = decided.contains(id.toString());
    String beforeIt = isMember
        ? ""
        : "its disk is new to the group, which must take it in as a new member before it counts; ";
    if (inView < configuration.majority()) {
      return Optional.of(
          beforeIt + "sees " + inView + " of " + configuration.ids().size() + " members, too few to decide"
              + (isMember ? lostDisks() : ""));
    }
    if (!hasLeader) {
      return Optional.of(beforeIt + "the group has no leader");
    }
    return isMember ? Optional.empty() : Optional.of(beforeIt + "the leader is about to");
  }

  /** Says so where members that are missing are there with other disks, which hold nothing. */
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
    String what = ". The former disks of " + lost + " are gone";
    return configuration.ids().size() - lost.size() >= configuration.majority()
        ? what + "; the others can go on without them"
        : what
            + ", which is a majority: what was acknowledged may be lost with them. Give them their disks back, or stop"
            + " all members and empty all their directories to found the group anew, with nothing in it";
  }
}
