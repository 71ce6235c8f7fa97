package dev.statecraft.session.replicated;

import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/**
 * What a leader changes about its group next, one member at a time, so that every majority before the change and every
 * one after it have a member in common (Ongaro, Consensus: Bridging Theory and Practice, 2014, section 4.1). A member
 * whose disk is gone is taken out before the one that comes in its place is taken in. Who is there is taken out only if
 * it asks. Pure.
 */
final class Reshaping {
  private Reshaping() {}

  /**
   * Decides.
   *
   * @param now in force and committed
   * @param present the ids of all that the leader sees
   * @param newcomers who asks to be taken in and has caught up with the log
   */
  static Optional<Configuration> next(Configuration now, Set<String> present, Collection<String> newcomers) {
    for (String newcomer : newcomers.stream().sorted().toList()) {
      if (now.contains(newcomer)) {
        continue;
      }
      Optional<String> former = now.named(MemberId.parse(newcomer).name());
      if (former.isEmpty()) {
        return Optional.of(now.with(newcomer));
      }
      // As long as it is there, its disk is not gone, and two processes claim one name.
      if (!present.contains(former.get())) {
        return Optional.of(now.without(former.get()));
      }
    }
    return Optional.empty();
  }

  /**
   * Takes out a member that asks for it.
   *
   * @param now in force and committed
   * @param present the ids of all that the leader sees
   */
  static Optional<Configuration> without(String leaver, Configuration now, Set<String> present) {
    return now.contains(leaver) && objection(leaver, now, present).isEmpty()
        ? Optional.of(now.without(leaver))
        : Optional.empty();
  }

  /**
   * Why a member must not be taken out now, in words, if so. The change holds from its own entry on: where those who
   * are left and there are no majority, it would never be committed, nor anything after it.
   */
  static Optional<String> objection(String leaver, Configuration now, Set<String> present) {
    Configuration next = now.without(leaver);
    if (next.ids().isEmpty()) {
      return Optional.of("it is the only member, and what the group holds would be gone with it");
    }
    long there = next.ids().stream().filter(present::contains).count();
    return there >= next.majority()
        ? Optional.empty()
        : Optional.of("of the " + next.ids().size() + " members that it would leave, " + there
            + " can be seen, too few to decide");
  }
}
