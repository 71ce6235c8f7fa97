package dev.statecraft.session.replicated.raft.membership;

import dev.statecraft.session.replicated.consensus.GroupSettings.StartMode;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Decides how a group is founded once, and how a disk comes to belong to a group. Members announce their
 * {@link Identity} to each other. Founding has two phases, as an atomic commit:
 *
 * <ol>
 * <li>When all configured members are connected, each accepts the roster of their incarnations and announces it. A disk
 * accepts only one roster, ever.
 * <li>When all members of the roster have accepted it, the group is founded. Only then does a member vote.</ol>
 *
 * <p>Two different rosters can both be founded only if they share no disk. So no second group is founded as long as one
 * disk of the first is left. A new disk that hears from a founded group belongs to that group from then on. If it is
 * not in the roster, it has no vote until the leader adds it, and its incarnation distinguishes it from the lost disk
 * of the same member. The decision depends on its arguments only. Old announcements do no harm, because acceptance and
 * founding are never revoked.
 */
public final class Founding {
  private Founding() {}

  /** The next step of a member, given the announcements that it has received. */
  public sealed interface Step {
    /** The member takes this identity. The identity must be on disk before it is announced. */
    record Next(Identity identity) implements Step {}

    /** The member waits until something changes. */
    record Waits(String reason) implements Step {}

    /** The member must not take part. */
    record Refused(String reason) implements Step {}
  }

  /**
   * What a member announces about itself.
   *
   * @param members names of the voting members in the configuration in force; empty if it knows none
   */
  public record News(Identity identity, Set<String> members) {
    public News {
      members = Set.copyOf(members);
    }
  }

  /**
   * Decides the next step of a member.
   *
   * @param members names of all configured members
   * @param heard the last announcement of each other node, by name
   */
  public static Step step(Identity self, Set<String> members, Map<String, News> heard, StartMode mode) {
    if (self.founded()) {
      return new Step.Next(self);
    }
    if (mode != StartMode.JOINS && self.hasAccepted() && !self.roster().keySet().equals(members)) {
      return new Step.Refused(
          "this disk has accepted a group of the members " + self.roster().keySet()
              + ", but the configured members are "
              + members);
    }
    for (News news : heard.values()) {
      if (news.identity().founded()) {
        return join(self, members, news);
      }
    }
    if (mode == StartMode.JOINS) {
      return new Step.Waits(
          "waiting to join a founded group; none of the connected nodes " + new TreeSet<>(heard.keySet())
              + " belongs to one");
    }
    for (News news : heard.values()) {
      if (news.identity().hasAccepted()) {
        Identity other = news.identity();
        if (!other.roster().keySet().equals(members)) {
          return new Step.Refused(
              other.name() + " has accepted a group of the members " + other.roster().keySet()
                  + ", but the configured members are " + members);
        }
        if (!self.incarnation().equals(other.roster().get(self.name()))) {
          return new Step.Waits(
              other.name() + " has accepted a group with another disk of " + self.name()
                  + " and does not know whether that group was founded. Start the other members; if none of them knows,"
                  + " empty the directories of all members");
        }
        if (self.hasAccepted() && !self.roster().equals(other.roster())) {
          return new Step.Refused(other.name() + " belongs to another group than this disk");
        }
      }
    }
    return found(self, members, heard, mode);
  }

  /**
   * Joins the group of another node if the configured members include all its current members or all its founders (the
   * configuration may be older than the members that joined later). So a typing error does not bring a disk into the
   * wrong group.
   */
  private static Step join(Identity self, Set<String> members, News news) {
    Identity other = news.identity();
    if (self.hasAccepted() && !self.roster().equals(other.roster())) {
      return new Step.Refused(other.name() + " belongs to another group than this disk");
    }
    Set<String> founders = other.roster().keySet();
    Set<String> now = news.members().isEmpty() ? founders : news.members();
    if (!members.containsAll(now) && !members.containsAll(founders)) {
      return new Step.Refused(
          other.name() + " belongs to a group of the members " + new TreeSet<>(now)
              + ", but the configured members " + new TreeSet<>(members) + " lack some of them");
    }
    return new Step.Next(self.foundedWith(other.roster()));
  }

  private static Step found(Identity self, Set<String> members, Map<String, News> heard, StartMode mode) {
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
      if (mode != StartMode.MAY_FOUND) {
        return new Step.Waits(
            "the disks of all members are empty: if they had a group, its data is lost. To found a new group, set"
                + " statecraft.session.replicated.found=true");
      }
      // An accepted roster contains this disk; otherwise this member waits, see step().
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
