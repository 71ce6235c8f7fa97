package dev.statecraft.session.replicated;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * How a group comes into being once, and how a member whose disk is gone is told apart from one that is new. Members tell
 * each other their {@link Identity}; this decides what one makes of it. Two phases, as in an atomic commit:
 *
 * <ol>
 * <li>When all configured members are there, each accepts the roster of their incarnations and says so. A disk accepts
 * one roster, for good.
 * <li>When all of the roster have accepted it, the group is founded. Only from then on does a member vote.
 * </ol>
 *
 * <p>Two different rosters can both be founded only if they share no disk, so as long as one of the disks is left, no
 * second group comes into being beside the first. A member that a founded group knows under another incarnation has lost
 * its disk, and with it the votes and the entries that it acknowledged: it must not take part under its old name. Pure,
 * and indifferent to how stale what it is told may be: acceptance and founding are never taken back.
 */
final class Founding {
  private Founding() {}

  /** What a member makes of what it has heard. */
  sealed interface Step {
    /** It goes on with this identity, which must be on disk before it is told to anybody. */
    record Next(Identity identity) implements Step {}

    /** It must not take part. */
    record Refused(String reason) implements Step {}
  }

  /**
   * Decides.
   *
   * @param members the names of all members, as configured
   * @param heard the newest that each other member has told, by name
   */
  static Step step(Identity self, Set<String> members, Map<String, Identity> heard) {
    if (self.hasAccepted() && !self.roster().keySet().equals(members)) {
      return new Step.Refused(
          "its group was founded with the members " + self.roster().keySet() + ", not with " + members);
    }
    for (Identity other : heard.values()) {
      // A founded group does not mind what a member that is not of it has accepted.
      if (other.hasAccepted() && (other.founded() || !self.founded())) {
        String problem = problemWith(self, members, other);
        if (!problem.isEmpty()) {
          return new Step.Refused(problem);
        }
        if (other.founded() && !self.founded()) {
          return new Step.Next(self.foundedWith(other.roster()));
        }
      }
    }
    if (self.founded()) {
      return new Step.Next(self);
    }
    return found(self, members, heard);
  }

  private static String problemWith(Identity self, Set<String> members, Identity other) {
    if (!other.roster().keySet().equals(members)) {
      return other.name() + " belongs to a group of the members " + other.roster().keySet() + ", not of " + members;
    }
    if (!self.incarnation().equals(other.roster().get(self.name()))) {
      return self.name() + " is known to " + other.name()
          + " with another disk than this one. A member that lost its disk"
          + " has lost its votes and the entries that it acknowledged, so it must not vote as the member that it was."
          + " Give it its disk back"
          + (other.founded() ? "" : ", or empty the directories of all members to found the group anew");
    }
    if (self.hasAccepted() && !self.roster().equals(other.roster())) {
      return other.name() + " belongs to another group";
    }
    return "";
  }

  private static Step found(Identity self, Set<String> members, Map<String, Identity> heard) {
    Map<String, UUID> present = heard
        .entrySet()
        .stream()
        .filter(entry -> members.contains(entry.getKey()))
        .collect(
            Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().incarnation(), (a, b) -> a, TreeMap::new));
    present.put(self.name(), self.incarnation());
    if (!present.keySet().equals(members)) {
      return new Step.Next(self);
    }
    if (!self.hasAccepted()) {
      // Whoever has accepted already has accepted a roster with this disk in it, or this member had been refused above.
      Map<String, UUID> roster = heard
          .values()
          .stream()
          .filter(Identity::hasAccepted)
          .findAny()
          .map(Identity::roster)
          .orElse(present);
      return new Step.Next(self.accepting(roster));
    }
    boolean all = members
        .stream()
        .filter(name -> !name.equals(self.name()))
        .allMatch(name -> {
          Identity other = heard.get(name);
          return other != null && other.roster().equals(self.roster());
        });
    return new Step.Next(all ? self.foundedWith(self.roster()) : self);
  }
}
