package dev.statecraft.session.replicated.raft;

import java.nio.ByteBuffer;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.EmptyMessage;
import org.jgroups.Message;
import org.jgroups.ObjectMessage;
import org.jgroups.protocols.raft.AppendEntriesRequest;
import org.jgroups.protocols.raft.AppendEntriesResponse;
import org.jgroups.protocols.raft.AppendResult;
import org.jgroups.protocols.raft.InstallSnapshotRequest;
import org.jgroups.protocols.raft.LogEntries;
import org.jgroups.protocols.raft.LogEntry;
import org.jgroups.protocols.raft.RaftHeader;

/**
 * Sends Raft's messages about the log that jgroups-raft itself does not send, or sends late. Called with Raft's lock.
 */
final class LogSender {
  private final LockedRaft raft;

  LogSender(LockedRaft raft) {
    this.raft = raft;
  }

  /** Answers a leader's AppendEntries or InstallSnapshot request. */
  void answer(Address leader, AppendResult result) {
    send(
        new EmptyMessage(leader),
        new AppendEntriesResponse(raft.currentTerm(), result.commitIndex(raft.commitIndex())));
  }

  /**
   * Sends entries again, up to about {@code maxBytes}.
   *
   * @return index of the last entry sent
   */
  long entries(Address member, long from, long to, long maxBytes) {
    LogEntries entries = new LogEntries();
    LogEntry previous = raft.entryAt(from - 1);
    long bytes = 0;
    for (long index = from; index <= to && bytes < maxBytes; index++) {
      LogEntry entry = raft.entryAt(index);
      if (entry == null) {
        break;
      }
      entries.add(entry);
      bytes += entry.length();
    }
    raft.countResend();
    send(
        new ObjectMessage(member, entries),
        new AppendEntriesRequest(
            raft.getAddress(),
            raft.currentTerm(),
            from - 1,
            previous == null ? 0 : previous.term(),
            entries.size() == 0 ? 0 : entries.iterator().next().term(),
            raft.commitIndex()));
    return from - 1 + entries.size();
  }

  void snapshot(Address member, ByteBuffer content) {
    long index = raft.commitIndex();
    send(
        new BytesMessage(member, content.array(), content.arrayOffset(), content.remaining()),
        new InstallSnapshotRequest(raft.currentTerm(), raft.getAddress(), index, raft.termAt(index)));
  }

  /** Tells all followers the commit index. */
  void heartbeat() {
    long term = raft.currentTerm();
    send(
        new ObjectMessage(null, new LogEntries()).setFlag(Message.TransientFlag.DONT_LOOPBACK),
        new AppendEntriesRequest(raft.getAddress(), term, 0, 0, term, raft.commitIndex()));
  }

  private void send(Message message, RaftHeader header) {
    raft.getDownProtocol().down(message.putHeader(raft.getId(), header));
  }
}
