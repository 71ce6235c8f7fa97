package dev.statecraft.session.replicated.raft.membership;

import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/**
 * Decides the next membership change of a leader. Each change adds or removes one member, so every majority before it
 * and every majority after it have a member in common (Ongaro, Consensus: Bridging Theory and Practice, 2014, section
 * 4.1). A member whose disk is lost is removed before its replacement is added. A member that is present is removed
 * only if it asks. Pure functions.
 */
public final class Reshaping {
  private Reshaping() {}

  /**
   * The next configuration that brings a newcomer closer to membership; empty if there is nothing to change.
   *
   * @param now the configuration in force, which is committed
   * @param present ids of all nodes in the leader's view
   * @param newcomers ids of the nodes that ask to be added and have caught up with the log
   */
  public static Optional<Configuration> next(Configuration now, Set<String> present, Collection<String> newcomers) {
    for (String newcomer : newcomers.stream().sorted().toList()) {
      if (now.contains(newcomer)) {
        continue;
      }
      Optional<String> former = now.named(MemberId.parse(newcomer).name());
      if (former.isEmpty()) {
        return Optional.of(now.with(newcomer));
      }
      // A present node has its disk: then two processes claim one name, and the first keeps it.
      if (!present.contains(former.get())) {
        return Optional.of(now.without(former.get()));
      }
    }
    return Optional.empty();
  }

  /**
   * The configuration without a member that asks to be removed; empty if it is no member or must not be removed.
   *
   * @param now the configuration in force, which is committed
   * @param present ids of all nodes in the leader's view
   */
  public static Optional<Configuration> without(String leaver, Configuration now, Set<String> present) {
    return now.contains(leaver) && objection(leaver, now, present).isEmpty()
        ? Optional.of(now.without(leaver))
        : Optional.empty();
  }

  /**
   * Why a member must not be removed now; empty if it may be. A change is in force from its own entry on: without a
   * majority of the remaining members, neither it nor any later entry would be committed.
   */
  public static Optional<String> objection(String leaver, Configuration now, Set<String> present) {
    Configuration next = now.without(leaver);
    if (next.ids().isEmpty()) {
      return Optional.of("it is the only member; without it the group loses all data");
    }
    long there = next.ids().stream().filter(present::contains).count();
    return there >= next.majority()
        ? Optional.empty()
        : Optional.of("no majority without it: " + there + " of the " + next.ids().size()
            + " other members are connected");
  }
}
