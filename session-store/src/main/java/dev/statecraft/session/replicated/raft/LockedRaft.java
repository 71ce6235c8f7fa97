package dev.statecraft.session.replicated.raft;

import java.util.concurrent.locks.ReentrantLock;
import org.jgroups.Address;
import org.jgroups.protocols.raft.LogEntries;
import org.jgroups.protocols.raft.LogEntry;
import org.jgroups.protocols.raft.RAFT;
import org.jgroups.raft.StateMachine;
import org.jspecify.annotations.Nullable;

/**
 * jgroups-raft's protocol with one lock around all of its state. The thread that works through the request queue holds
 * it for a batch; the threads that deliver votes, views and leaders hold it for each of theirs. Also gives the roles,
 * which are no subclasses, access to the log.
 */
abstract class LockedRaft extends RAFT {
  /** Guards all state of Raft, that of the superclass included. */
  protected final ReentrantLock state = new ReentrantLock();

  void withLock(Runnable task) {
    state.lock();
    try {
      task.run();
    } finally {
      state.unlock();
    }
  }

  @Override
  public int currentTerm(long term) {
    state.lock();
    try {
      return super.currentTerm(term);
    } finally {
      state.unlock();
    }
  }

  @Override
  public RAFT setLeaderAndTerm(@Nullable Address leader, long term) {
    state.lock();
    try {
      return super.setLeaderAndTerm(leader, term);
    } finally {
      state.unlock();
    }
  }

  @Override
  public int trySetLeaderAndTerm(@Nullable Address leader, long term) {
    state.lock();
    try {
      return super.trySetLeaderAndTerm(leader, term);
    } finally {
      state.unlock();
    }
  }

  @Override
  public long createNewTerm() {
    state.lock();
    try {
      return super.createNewTerm();
    } finally {
      state.unlock();
    }
  }

  @Override
  public RAFT stateMachine(StateMachine machine) {
    state_machine = machine;
    return this;
  }

  @Nullable
  LogEntry entryAt(long index) {
    return log_impl.get(index);
  }

  /** Term of an entry that must be in the log. */
  long termAt(long index) {
    LogEntry entry = log_impl.get(index);
    if (entry == null) {
      throw new IllegalStateException("Log entry " + index + " is missing");
    }
    return entry.term();
  }

  long firstAppended() {
    return log_impl.firstAppended();
  }

  void appendFrom(long index, LogEntries entries) {
    append(index, entries);
  }

  void cutFrom(long index) {
    deleteAllLogEntriesStartingFrom(index);
  }

  void commitTo(long index, boolean answer) {
    commitLogTo(index, answer);
  }

  void countResend() {
    num_resends++;
  }
}
