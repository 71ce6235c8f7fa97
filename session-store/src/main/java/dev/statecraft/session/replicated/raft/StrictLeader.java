package dev.statecraft.session.replicated.raft;

import dev.statecraft.session.replicated.raft.membership.Configuration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jgroups.Address;
import org.jgroups.protocols.raft.AppendResult;
import org.jgroups.protocols.raft.Leader;
import org.jgroups.raft.util.Utils;

/**
 * A leader that tracks the log of each follower and catches up a lagging one at once. The library does so only when it
 * was idle for a whole resend interval, so never under load. Called with Raft's lock held.
 */
final class StrictLeader extends Leader {
  private static final long MAX_CHUNK_BYTES = 512 * 1024;
  private static final long RESEND_TIMEOUT_NANOS = 250_000_000;
  private static final long SNAPSHOT_TIMEOUT_NANOS = 5_000_000_000L;
  private static final long HEARTBEAT_INTERVAL_NANOS = 400_000_000;

  private final StrictRaft strict;
  private final Map<Address, Progress> followers = new HashMap<>();
  private long lastHeartbeat = System.nanoTime() - HEARTBEAT_INTERVAL_NANOS;

  /** What the leader knows of one follower's log. */
  private static final class Progress {
    private final String id;
    /** A node that has never answered takes no part yet; entries are not sent to it again. */
    private boolean answers;
    private long match;
    private long next;
    /** Index up to which entries were sent again and not yet answered; 0 for none. */
    private long awaiting;
    private long awaitedUntil;
    private long matchAtLastCheck = -1;

    Progress(String id) {
      this.id = id;
    }
  }

  StrictLeader(StrictRaft strict) {
    super(strict);
    this.strict = strict;
  }

  void retain(Collection<Address> members) {
    followers.keySet().retainAll(members);
    for (Address member : members) {
      if (!member.equals(strict.getAddress())) {
        progressOf(member);
      }
    }
  }

  boolean heartbeatIsDue(long now) {
    return now - lastHeartbeat >= HEARTBEAT_INTERVAL_NANOS;
  }

  void heartbeatSent(long now) {
    lastHeartbeat = now;
  }

  @Override
  public void handleAppendEntriesResponse(Address sender, long term, AppendResult result) {
    if (term != strict.currentTerm()) {
      return;
    }
    Progress progress = progressOf(sender);
    progress.answers = true;
    if (result.success()) {
      progress.match = Math.max(progress.match, result.index());
      progress.next = Math.max(progress.next, progress.match + 1);
      boolean wasBehind = progress.awaiting > 0;
      if (progress.match >= progress.awaiting) {
        progress.awaiting = 0;
      }
      commitMajorityIndex();
      if (wasBehind && progress.awaiting == 0 && progress.match < strict.lastAppended()) {
        catchUp(sender, progress, System.nanoTime());
      }
      return;
    }
    long hint = isConflict(result) ? result.index() : result.index() + 1;
    long before = progress.next;
    // Never upwards: entries sent meanwhile fail at a higher index, which must not undo the answer to a conflict.
    progress.next = Math.max(Math.min(hint, before), progress.match + 1);
    if (isConflict(result) && progress.next < before) {
      progress.awaiting = 0;
    }
    if (progress.awaiting == 0 && progress.match < strict.lastAppended()) {
      catchUp(sender, progress, System.nanoTime());
    }
  }

  /** Counts the members of the configuration in force, which need not include this leader. */
  private void commitMajorityIndex() {
    Configuration configuration = strict.configuration();
    long[] matches = configuration.ids().stream().mapToLong(this::matchOf).sorted().toArray();
    long majorityIndex = matches.length == 0 ? 0 : matches[matches.length - configuration.majority()];
    if (majorityIndex > strict.commitIndex()) {
      strict.commitTo(majorityIndex, true);
    }
  }

  /** Index up to which this member is known to have the log. */
  long matchOf(String id) {
    if (id.equals(strict.raftId())) {
      return strict.lastAppended();
    }
    long match = 0;
    for (Progress progress : followers.values()) {
      if (progress.id.equals(id)) {
        match = Math.max(match, progress.match);
      }
    }
    return match;
  }

  /** Catches up the followers that lag and have made no progress since the last call. */
  void catchUpAll(long now) {
    followers.forEach((member, progress) -> {
      boolean stalled = progress.match == progress.matchAtLastCheck;
      progress.matchAtLastCheck = progress.match;
      if (progress.answers && progress.match < strict.lastAppended() && (stalled || progress.awaiting > 0)) {
        catchUp(member, progress, now);
      }
    });
  }

  private void catchUp(Address member, Progress progress, long now) {
    if (progress.awaiting > 0 && now - progress.awaitedUntil < 0) {
      return;
    }
    if (progress.next <= strict.firstAppended()) {
      progress.awaiting = strict.commitIndex();
      progress.awaitedUntil = now + SNAPSHOT_TIMEOUT_NANOS;
      try {
        strict.sender().snapshot(member, strict.snapshotContent());
      } catch (Exception e) {
        throw new IllegalStateException("Cannot make a snapshot for " + member, e);
      }
      return;
    }
    long from = Math.min(Math.max(progress.next, 1), strict.lastAppended());
    progress.awaiting = strict.sender().entries(member, from, strict.lastAppended(), MAX_CHUNK_BYTES);
    progress.awaitedUntil = now + RESEND_TIMEOUT_NANOS;
  }

  private Progress progressOf(Address member) {
    return followers.computeIfAbsent(member, key -> {
      Progress progress = new Progress(Utils.extractRaftId(key));
      progress.next = strict.lastAppended() + 1;
      return progress;
    });
  }

  private static boolean isConflict(AppendResult result) {
    return result.nonMatchingTerm() > 0;
  }
}
