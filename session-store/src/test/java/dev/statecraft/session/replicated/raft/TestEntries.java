package dev.statecraft.session.replicated.raft;

import dev.statecraft.session.replicated.consensus.StateMachine;
import dev.statecraft.session.replicated.wire.WireReader;
import dev.statecraft.session.replicated.wire.WireWriter;
import java.io.IOException;
import java.nio.file.Path;
import org.jgroups.protocols.raft.LogEntries;
import org.jgroups.protocols.raft.LogEntry;

/** Logs, entries of equal size, and a state machine without state, for tests of one member. */
final class TestEntries {
  private TestEntries() {}

  static LogEntry command(long term) {
    return new LogEntry(term, new WireWriter().fixed(term).toCheckedArray());
  }

  static LogEntries commands(long... terms) {
    LogEntries entries = new LogEntries();
    for (long term : terms) {
      entries.add(command(term));
    }
    return entries;
  }

  static DurableLog openLog(Path directory) throws IOException {
    DurableLog log = new DurableLog(directory, false, new IgnoredTimings());
    log.open();
    return log;
  }

  static LogApplier applier(AppliedIndex applied) {
    return new LogApplier(new StatelessMachine(), applied);
  }

  static StrictRaft raft(DurableLog log, AppliedIndex applied) {
    StrictRaft raft = new StrictRaft(applier(applied), new IgnoredEvents());
    raft.log(log);
    return raft;
  }

  private static final class StatelessMachine implements StateMachine {
    @Override
    public byte[] apply(long index, byte[] buffer, int offset, int length) {
      return new byte[0];
    }

    @Override
    public void writeTo(WireWriter out) {
      // No state.
    }

    @Override
    public void readFrom(WireReader in) {
      in.expectEnd();
    }
  }
}
