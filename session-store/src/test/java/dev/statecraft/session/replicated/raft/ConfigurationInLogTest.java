package dev.statecraft.session.replicated.raft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.session.replicated.raft.membership.Configuration;
import java.nio.file.Path;
import java.util.List;
import org.jgroups.Address;
import org.jgroups.protocols.raft.LogEntries;
import org.jgroups.protocols.raft.LogEntry;
import org.jgroups.util.ExtendedUUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The last configuration in the log is in force, committed or not, also after a restart. */
class ConfigurationInLogTest {
  private static final Configuration THREE = Configuration.of(List.of("a@1", "b@1", "c@1"));
  private static final Configuration TWO = THREE.without("a@1");

  @TempDir
  Path directory;

  private final Address leader = ExtendedUUID.randomUUID("leader");

  @Test
  void configurationIsInForceUntilItsEntryIsTruncated() throws Exception {
    try (DurableLog log = TestEntries.openLog(directory)) {
      StrictRaft raft = member(log);
      StrictFollower follower = new StrictFollower(raft);
      assertThat(raft.configuration()).isEqualTo(THREE);

      receive(raft, follower, 1, 0, 0, TestEntries.command(1), change(1, TWO));
      assertThat(raft.configuration()).isEqualTo(TWO);
      assertThat(raft.committedConfiguration()).as("not committed yet").isEqualTo(THREE);
      assertThat(raft.majority()).as("a leader outside a configuration of two needs both").isEqualTo(3);

      receive(raft, follower, 2, 1, 1, TestEntries.command(2));
      assertThat(raft.configuration()).isEqualTo(THREE);
    }
  }

  @Test
  void restartFindsConfigurationInLogAndSnapshot() throws Exception {
    try (DurableLog log = TestEntries.openLog(directory)) {
      StrictRaft raft = member(log);
      StrictFollower follower = new StrictFollower(raft);
      receive(raft, follower, 1, 0, 0, TestEntries.command(1), change(1, TWO), TestEntries.command(1));
      raft.commitTo(3, false);
      assertThat(raft.committedConfiguration()).isEqualTo(TWO);
      raft.takeSnapshot();
      receive(raft, follower, 1, 3, 1, change(1, TWO.with("a@2")));
    }
    try (DurableLog log = TestEntries.openLog(directory)) {
      StrictRaft again = member(log);
      again.initStateMachineFromLog();
      assertThat(again.configuration()).as("not committed").isEqualTo(TWO.with("a@2"));
      again.cutFrom(4);
      assertThat(again.configuration()).as("from the snapshot").isEqualTo(TWO);
    }
  }

  private void receive(
      StrictRaft raft, StrictFollower follower, long term, long previous, long previousTerm, LogEntry... entries) {
    raft.currentTerm(term);
    LogEntries sent = new LogEntries();
    for (LogEntry entry : entries) {
      sent.add(entry);
    }
    follower.handleAppendEntriesRequest(sent, leader, previous, previousTerm, entries[0].term(), 0);
  }

  private static LogEntry change(long term, Configuration configuration) {
    byte[] entry = configuration.toEntry();
    return new LogEntry(term, entry, 0, entry.length, true);
  }

  private static StrictRaft member(DurableLog log) {
    StrictRaft raft = TestEntries.raft(log, new AppliedIndex());
    raft.setAddress(ExtendedUUID.randomUUID("b"));
    raft.raftId("d@1");
    raft.activate(THREE);
    return raft;
  }
}
