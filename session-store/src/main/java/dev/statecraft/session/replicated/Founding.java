package dev.statecraft.session.replicated;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * How a group comes into being once, and how a disk comes to belong to it. Members tell each other their
 * {@link Identity}; this decides what one makes of it. Two phases, as in an atomic commit:
 *
 * <ol>
 * <li>When all configured members are there, each accepts the roster of their incarnations and says so. A disk accepts
 * one roster, for good.
 * <li>When all of the roster have accepted it, the group is founded. Only from then on does a member vote.</ol>
 *
 * <p>Two different rosters can both be founded only if they share no disk, so as long as one of the disks is left, no
 * second group comes into being beside the first. A fresh disk that hears from a founded group belongs to that group
 * from then on. If it is not of the roster it comes later: it counts for nothing until the group's leader takes it in,
 * and its incarnation keeps it apart from the member of its name whose disk is gone. Pure, and indifferent to how stale
 * what it is told may be: acceptance and founding are never taken back.
 */
final class Founding {
  private Founding() {}

  /** What a member may do about the founding of its group while it belongs to none. */
  enum Part {
    /** Founds one with all that it is configured with, if their disks are empty too. */
    MAY_FOUND,
    /** Waits where all disks are empty: its group was founded before. */
    MAY_NOT_FOUND,
    /** Comes to a group that others have founded. */
    JOINS
  }

  /** What a member makes of what it has heard. */
  sealed interface Step {
    /** It goes on with this identity, which must be on disk before it is told to anybody. */
    record Next(Identity identity) implements Step {}

    /** It can do nothing until something changes; why, in words. */
    record Waits(String reason) implements Step {}

    /** It must not take part. */
    record Refused(String reason) implements Step {}
  }

  /**
   * What a member tells of itself.
   *
   * @param members the names of those who decide in its group now; empty where it knows none
   */
  record News(Identity identity, Set<String> members) {
    News {
      members = Set.copyOf(members);
    }
  }

  /**
   * Decides.
   *
   * @param members the names of all members, as configured
   * @param heard the newest that each other member has told, by name
   * @param part what it may do about the founding
   */
  static Step step(Identity self, Set<String> members, Map<String, News> heard, Part part) {
    if (self.founded()) {
      return new Step.Next(self);
    }
    if (part != Part.JOINS && self.hasAccepted() && !self.roster().keySet().equals(members)) {
      return new Step.Refused(
          "its group is to be founded with the members " + self.roster().keySet() + ", not with " + members);
    }
    for (News news : heard.values()) {
      if (news.identity().founded()) {
        return join(self, members, news);
      }
    }
    if (part == Part.JOINS) {
      return new Step.Waits(
          "it comes to a group that others have founded, and none of " + new TreeSet<>(heard.keySet())
              + ", of whom it has heard, belongs to one");
    }
    for (News news : heard.values()) {
      if (news.identity().hasAccepted()) {
        Identity other = news.identity();
        if (!other.roster().keySet().equals(members)) {
          return new Step.Refused(
              other.name() + " is to found a group of the members " + other.roster().keySet() + ", not of " + members);
        }
        if (!self.incarnation().equals(other.roster().get(self.name()))) {
          return new Step.Waits(
              other.name() + " has accepted a group with another disk of " + self.name()
                  + " than this one, and does not know whether it was founded. If nobody comes who knows, empty the"
                  + " directories of all members");
        }
        if (self.hasAccepted() && !self.roster().equals(other.roster())) {
          return new Step.Refused(other.name() + " belongs to another group");
        }
      }
    }
    return found(self, members, heard, part);
  }

  /**
   * A list with a typo in it must not bring a disk into a group that is not meant. So list and group must agree: it has
   * all that are members now, or all of its founders, for the list may be older than those who came later.
   */
  private static Step join(Identity self, Set<String> members, News news) {
    Identity other = news.identity();
    if (self.hasAccepted() && !self.roster().equals(other.roster())) {
      return new Step.Refused(other.name() + " belongs to another group");
    }
    Set<String> founders = other.roster().keySet();
    Set<String> now = news.members().isEmpty() ? founders : news.members();
    if (!members.containsAll(now) && !members.containsAll(founders)) {
      return new Step.Refused(
          other.name() + " belongs to a group of the members " + new TreeSet<>(now)
              + "; its own list, " + members + ", lacks some of them");
    }
    return new Step.Next(self.foundedWith(other.roster()));
  }

  private static Step found(Identity self, Set<String> members, Map<String, News> heard, Part part) {
    Map<String, UUID> present = heard
        .values()
        .stream()
        .map(News::identity)
        .filter(other -> members.contains(other.name()))
        .collect(Collectors.toMap(Identity::name, Identity::incarnation, (a, _) -> a, TreeMap::new));
    present.put(self.name(), self.incarnation());
    if (!present.keySet().equals(members)) {
      return new Step.Next(self);
    }
    if (!self.hasAccepted()) {
      if (part != Part.MAY_FOUND) {
        return new Step.Waits(
            "the disks of all members are empty: if they had a group, all that it held is lost. They may not found"
                + " one anew, because statecraft.session.replicated.found is false");
      }
      // Whoever has accepted already has accepted a roster with this disk in it, or this member would wait above.
      Map<String, UUID> roster = heard
          .values()
          .stream()
          .map(News::identity)
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
          News other = heard.get(name);
          return other != null && other.identity().roster().equals(self.roster());
        });
    return new Step.Next(all ? self.foundedWith(self.roster()) : self);
  }
}
