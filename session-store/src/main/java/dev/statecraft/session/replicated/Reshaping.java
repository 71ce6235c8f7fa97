package dev.statecraft.session.replicated;

import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/**
 * What a leader changes about its group next, one member at a time, so that every majority before the change and every
 * one after it have a member in common (Ongaro, Consensus: Bridging Theory and Practice, 2014, section 4.1). A member
 * whose disk is gone is taken out before the one that comes in its place is taken in. Pure.
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
}
