package dev.statecraft.session.replicated.raft;

import dev.statecraft.session.replicated.consensus.GroupSettings;
import dev.statecraft.session.replicated.consensus.GroupSettings.StartMode;
import dev.statecraft.session.replicated.consensus.LeaveResult;
import dev.statecraft.session.replicated.raft.membership.Configuration;
import dev.statecraft.session.replicated.raft.membership.Reshaping;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jgroups.Address;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes of the voting members. As leader, this member adds nodes that have caught up and removes members that ask for
 * it. It also asks for its own removal. Thread-safe.
 */
final class MembershipChanges {
  private static final Logger log = LoggerFactory.getLogger(MembershipChanges.class);
  private static final long RETRY_MILLIS = 100;

  private final GroupSettings settings;
  private final MemberDisk disk;
  private final Admission admission;
  private final Leadership leadership;
  /** Nodes in the view that have asked to be removed. They are not added again before they have disconnected. */
  private final Set<Address> leavers = ConcurrentHashMap.newKeySet();
  private final CountDownLatch disconnected = new CountDownLatch(1);
  private volatile boolean leaving;
  private volatile boolean left;

  MembershipChanges(GroupSettings settings, MemberDisk disk, Admission admission, Leadership leadership) {
    this.settings = settings;
    this.disk = disk;
    this.admission = admission;
    this.leadership = leadership;
  }

  /** Whether this member has asked to be removed. */
  boolean isLeaving() {
    return leaving;
  }

  /** Whether this member was removed at its own request. */
  boolean hasLeft() {
    return left;
  }

  /** Asks the leader to remove this member until that is committed or the timeout expires. */
  LeaveResult leave(@Nullable Connection now, Duration timeout) throws InterruptedException {
    if (now == null || !admission.isDone() || admission.rejection().isPresent()) {
      return new LeaveResult.Refused("it belongs to no group");
    }
    String id = now.id().toString();
    Configuration before = now.raft().configuration();
    if (!leaving && !counts(now)) {
      return new LeaveResult.Refused("it is not a member of its group");
    }
    Optional<String> objection = before.contains(id)
        ? Reshaping.objection(id, before, now.idsInView())
        : Optional.empty();
    if (objection.isPresent()) {
      return new LeaveResult.Refused(objection.get());
    }
    leaving = true;
    long end = System.nanoTime() + timeout.toNanos();
    do {
      if (!left) {
        requestRemoval(now);
      }
      // Repeated, because the leader may change or be busy with another membership change.
      if (disconnected.await(RETRY_MILLIS, TimeUnit.MILLISECONDS)) {
        return new LeaveResult.Done();
      }
    } while (System.nanoTime() - end < 0);
    return new LeaveResult.Unknown(
        leadership.now().leader() == null
            ? "the group has no leader"
            : "not committed in time: another change is under way, or a majority does not answer");
  }

  private void requestRemoval(Connection now) {
    try {
      // To all nodes: the next leader must not add this member again either.
      now.send(null, GroupMessages.leaveRequest());
    } catch (Exception e) {
      log.info("Member {} could not send its leave request, next attempt in {} ms: {}", settings.name(), RETRY_MILLIS,
          e.toString());
    }
    remove(now, now.id().toString());
  }

  /** Handles the leave request of another node. */
  void leaveRequested(Connection now, Address leaver) {
    leavers.add(leaver);
    remove(now, Connection.idOf(leaver));
  }

  void retainLeavers(Collection<Address> inView) {
    leavers.retainAll(inView);
  }

  /** A leader that removes itself leads on, without counting itself, until that is committed (Ongaro, 4.2.2). */
  private void remove(Connection now, String id) {
    if (leadership.isLedBy(now.address())) {
      Configuration before = now.raft().configuration();
      Set<String> present = now.idsInView();
      now.raft().changeConfiguration(current -> Reshaping.without(id, current, present))
          .ifPresent(next -> log.info("Leader {} removed {} at its request: members were {}, are now {}",
              settings.name(), id, before.ids(), next.ids()));
    }
  }

  /** Disconnects this member if its removal is committed; returns whether it is. */
  boolean completeLeave(Connection now) {
    if (!leaving || counts(now)) {
      return false;
    }
    left = true;
    log.warn("Member {} has left its group; restart its process to join again", settings.name());
    now.raft().deactivate();
    leadership.set(null);
    Thread.ofVirtual().name("raft-leave").start(() -> {
      now.channel().close();
      disconnected.countDown();
    });
    return true;
  }

  private static boolean counts(Connection now) {
    String id = now.id().toString();
    return now.raft().configuration().contains(id) || now.raft().committedConfiguration().contains(id);
  }

  /**
   * As leader, adds a node that has caught up, or removes the lost disk that it replaces; at most one change a call.
   */
  void addNewcomers(Connection now) {
    if (!leadership.isLedBy(now.address())) {
      return;
    }
    Set<String> present = now.idsInView();
    Set<String> leaving = leavers.stream().map(Connection::idOf).collect(Collectors.toSet());
    Configuration before = now.raft().configuration();
    List<String> newcomers = admission.others().stream()
        .filter(other -> other.founded() && other.roster().equals(disk.identity().roster()))
        .map(other -> other.id().toString())
        .filter(id -> present.contains(id) && !leaving.contains(id))
        .filter(id -> !before.contains(id) && now.raft().hasCaughtUp(id))
        .toList();
    if (!newcomers.isEmpty()) {
      now.raft().changeConfiguration(current -> Reshaping.next(current, present, newcomers))
          .ifPresent(next -> {
            log.info("Leader {} changed the members from {} to {}", settings.name(), before.ids(), next.ids());
            logGrowth(before, next);
          });
    }
  }

  /** Tells operators to set {@code found=false} when a name is added that is not a founder's. */
  private void logGrowth(Configuration before, Configuration next) {
    Set<String> founders = disk.identity().roster().keySet();
    SortedSet<String> added = next.names();
    added.removeAll(before.names());
    added.removeAll(founders);
    if (added.isEmpty() || settings.startMode() != StartMode.MAY_FOUND) {
      return;
    }
    if (next.names().stream().filter(founders::contains).count() >= next.majority()) {
      log.info("Group has grown by {}; set statecraft.session.replicated.found=false on its founders {} before they are"
          + " a minority", added, founders);
    } else {
      log.warn("Founders {} are a minority of the group {}: if they all lose their disks, they found a second group."
          + " Set statecraft.session.replicated.found=false on them", founders, next.names());
    }
  }
}
