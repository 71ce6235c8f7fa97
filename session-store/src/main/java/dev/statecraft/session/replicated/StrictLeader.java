package dev.statecraft.session.replicated;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jgroups.Address;
import org.jgroups.protocols.raft.AppendResult;
import org.jgroups.protocols.raft.Leader;
import org.jgroups.raft.util.Utils;

/**
 * A leader that keeps account of each follower and brings a lagging one up to date at once, under load as well: the
 * library waits for a pause of a whole resend interval. Called with Raft's lock held.
 */
final class StrictLeader extends Leader {
  private static final long CHUNK_BYTES = 512 * 1024;
  private static final long PATIENCE_NANOS = 250_000_000;
  private static final long SNAPSHOT_PATIENCE_NANOS = 5_000_000_000L;
  private static final long HEARTBEAT_NANOS = 400_000_000;

  private final StrictRaft strict;
  private final Map<Address, Progress> followers = new HashMap<>();
  private long lastHeartbeat = System.nanoTime() - HEARTBEAT_NANOS;

  /** What the leader knows of one follower's log. */
  private static final class Progress {
    private final String id;
    /** One that is there and does not answer takes no part yet, and what is sent to it is in vain. */
    private boolean answers;
    private long match;
    private long next;
    /** Up to where entries were sent again and not yet answered; 0 for none. */
    private long awaiting;
    private long awaitedUntil;
    private long matchAtLastLook = -1;

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
    return now - lastHeartbeat >= HEARTBEAT_NANOS;
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
      commitWhatAMajorityHas();
      if (wasBehind && progress.awaiting == 0 && progress.match < strict.lastAppended()) {
        catchUp(sender, progress, System.nanoTime());
      }
      return;
    }
    long hint = isConflict(result) ? result.index() : result.index() + 1;
    long before = progress.next;
    // Only ever down: what was sent meanwhile fails further up, and would undo what a conflict has told.
    progress.next = Math.max(Math.min(hint, before), progress.match + 1);
    if (isConflict(result) && progress.next < before) {
      progress.awaiting = 0;
    }
    if (progress.awaiting == 0 && progress.match < strict.lastAppended()) {
      catchUp(sender, progress, System.nanoTime());
    }
  }

  /** The members that count are those of the last configuration in the log, this leader not always among them. */
  private void commitWhatAMajorityHas() {
    Configuration configuration = strict.configuration();
    long[] matches = configuration.ids().stream().mapToLong(this::matchOf).sorted().toArray();
    long inAMajority = matches.length == 0 ? 0 : matches[matches.length - configuration.majority()];
    if (inAMajority > strict.commitIndex()) {
      strict.commitTo(inAMajority, true);
    }
  }

  /** Up to where this member is known to have the log. */
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

  /** Looks after the followers that have not moved since the last look though there is more for them. */
  void catchUpAll(long now) {
    followers.forEach((member, progress) -> {
      boolean still = progress.match == progress.matchAtLastLook;
      progress.matchAtLastLook = progress.match;
      if (progress.answers && progress.match < strict.lastAppended() && (still || progress.awaiting > 0)) {
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
      progress.awaitedUntil = now + SNAPSHOT_PATIENCE_NANOS;
      try {
        strict.sendSnapshot(member);
      } catch (Exception e) {
        throw new IllegalStateException("Could not make a snapshot for " + member, e);
      }
      return;
    }
    long from = Math.min(Math.max(progress.next, 1), strict.lastAppended());
    progress.awaiting = strict.send(member, from, strict.lastAppended(), CHUNK_BYTES);
    progress.awaitedUntil = now + PATIENCE_NANOS;
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
