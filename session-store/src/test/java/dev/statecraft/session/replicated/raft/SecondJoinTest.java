package dev.statecraft.session.replicated.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.jgroups.protocols.raft.LogEntries;
import org.jgroups.protocols.raft.LogEntry;
import org.jgroups.util.ByteArrayDataInputStream;
import org.jgroups.util.ByteArrayDataOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A member that could not join tries again in the same process, with the state that it has loaded already. */
class SecondJoinTest {
  @TempDir
  private Path directory;

  @Test
  void keepsLogWithoutSnapshot() throws Exception {
    AppliedIndex applied = new AppliedIndex();
    applied.advanceTo(5);
    try (DurableLog log = TestEntries.openLog(directory)) {
      LogEntries entries = new LogEntries();
      for (int i = 0; i < 5; i++) {
        entries.add(new LogEntry(1, new byte[]{1}));
      }
      log.append(1, entries);

      TestEntries.raft(log, applied).initStateMachineFromLog();

      assertThat(log.lastAppended()).isEqualTo(5);
      for (long index = 1; index <= 5; index++) {
        assertThat(log.get(index)).as("entry %s", index).isNotNull();
      }
    }
  }

  @Test
  void ignoresSnapshotOlderThanState() throws Exception {
    AppliedIndex before = new AppliedIndex();
    before.advanceTo(3);
    ByteArrayDataOutputStream snapshot = new ByteArrayDataOutputStream(64, true);
    TestEntries.applier(before).writeContentTo(snapshot);
    AppliedIndex after = new AppliedIndex();
    after.advanceTo(9);
    LogApplier applier = TestEntries.applier(after);

    applier.readContentFrom(new ByteArrayDataInputStream(snapshot.buffer(), 0, snapshot.position()));

    assertThat(after.value()).isEqualTo(9);
    assertThat(applier.restored()).isEqualTo(3);
  }
}
