package dev.statecraft.session.replicated.raft;

import org.jgroups.Address;
import org.jgroups.Message;
import org.jgroups.protocols.raft.AppendResult;
import org.jgroups.protocols.raft.AppendResult.Result;
import org.jgroups.protocols.raft.LogEntries;
import org.jgroups.protocols.raft.LogEntry;
import org.jgroups.protocols.raft.RaftImpl;
import org.jspecify.annotations.Nullable;

/**
 * A follower as in the paper (Raft, figure 2): it acknowledges and commits only entries that are known to be in the
 * leader's log, compares every entry, and never installs an older snapshot. Called with Raft's lock held.
 */
final class StrictFollower extends RaftImpl {
  private final StrictRaft strict;

  StrictFollower(StrictRaft strict) {
    super(strict);
    this.strict = strict;
  }

  @Override
  public AppendResult handleAppendEntriesRequest(
      @Nullable LogEntries entries, Address leader, long previous, long previousTerm, long entryTerm,
      long leaderCommit) {
    strict.heardFrom(leader);
    if (entries == null || entries.size() == 0) {
      // A heartbeat tells the leader's commit index and nothing about this member's log.
      strict.commitTo(Math.min(leaderCommit, strict.verified()), false);
      return new AppendResult(Result.OK, strict.verified());
    }
    if (previous > strict.lastAppended()) {
      return new AppendResult(Result.FAIL_ENTRY_NOT_FOUND, strict.lastAppended());
    }
    if (previous > strict.commitIndex()) {
      LogEntry before = strict.entryAt(previous);
      if (before == null) {
        return new AppendResult(Result.FAIL_ENTRY_NOT_FOUND, strict.commitIndex());
      }
      if (before.term() != previousTerm) {
        return new AppendResult(
            Result.FAIL_CONFLICTING_PREV_TERM,
            firstOfTerm(previous, before.term()),
            before.term());
      }
    }
    appendNew(entries, previous);
    strict.verifiedTo(previous + entries.size());
    strict.commitTo(Math.min(leaderCommit, strict.verified()), false);
    return new AppendResult(Result.OK, strict.verified());
  }

  private void appendNew(LogEntries entries, long previous) {
    LogEntries fresh = new LogEntries();
    long index = previous;
    for (LogEntry entry : entries) {
      index++;
      // Committed entries are equal on all members.
      if (index <= strict.commitIndex()) {
        continue;
      }
      if (fresh.size() == 0 && index <= strict.lastAppended()) {
        LogEntry present = strict.entryAt(index);
        if (present != null && present.term() == entry.term()) {
          continue;
        }
        strict.cutFrom(index);
      }
      fresh.add(entry);
    }
    if (fresh.size() > 0) {
      strict.appendFrom(index - fresh.size() + 1, fresh);
    }
  }

  /** Index of the first entry of this term before {@code index}; the leader continues there, one term at a time. */
  private long firstOfTerm(long index, long term) {
    long first = index;
    while (first - 1 > strict.commitIndex()) {
      LogEntry before = strict.entryAt(first - 1);
      if (before == null || before.term() != term) {
        break;
      }
      first--;
    }
    return first;
  }

  @Override
  public void handleInstallSnapshotRequest(Message message, Address leader, long index, long term) {
    strict.heardFrom(leader);
    LogEntry present = index <= strict.lastAppended() ? strict.entryAt(index) : null;
    if (index > strict.commitIndex() && present != null && present.term() == term) {
      // This log holds the snapshot's entries already, and later entries may have been acknowledged.
      strict.verifiedTo(index);
      strict.commitTo(index, false);
    } else if (index > strict.commitIndex()) {
      try {
        strict.install(message, index, term);
      } catch (Exception e) {
        throw new IllegalStateException("Cannot install the leader's snapshot at index " + index, e);
      }
    }
    strict.sender().answer(leader, new AppendResult(Result.OK, strict.verified()));
  }
}
