package dev.statecraft.session.replicated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.session.replicated.Command.Barrier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jgroups.Address;
import org.jgroups.protocols.raft.LogEntries;
import org.jgroups.protocols.raft.LogEntry;
import org.jgroups.util.ExtendedUUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who counts is what the log says last, whether or not it is committed, and after a restart too. */
class ConfigurationInLogTest {
  private static final Configuration THREE = Configuration.of(List.of("a@1", "b@1", "c@1"));
  private static final Configuration TWO = THREE.without("a@1");

  @TempDir
  Path directory;

  private final Address leader = ExtendedUUID.randomUUID("leader");

  @Test
  void aConfigurationHoldsFromItsEntryOnAndIsCutOffWithIt() throws Exception {
    try (DurableLog log = openLog()) {
      StrictRaft raft = member(log);
      StrictFollower follower = new StrictFollower(raft);
      assertThat(raft.configuration()).isEqualTo(THREE);

      receive(raft, follower, 1, 0, 0, command(1), change(1, TWO));
      assertThat(raft.configuration()).isEqualTo(TWO);
      assertThat(raft.decided()).as("not committed yet").isEqualTo(THREE);
      assertThat(raft.majority()).as("the leader of two that is none of them needs both").isEqualTo(3);

      receive(raft, follower, 2, 1, 1, command(2));
      assertThat(raft.configuration()).isEqualTo(THREE);
    }
  }

  @Test
  void aRestartFindsItInTheLogAndInTheSnapshot() throws Exception {
    try (DurableLog log = openLog()) {
      StrictRaft raft = member(log);
      StrictFollower follower = new StrictFollower(raft);
      receive(raft, follower, 1, 0, 0, command(1), change(1, TWO), command(1));
      raft.commitTo(3, false);
      assertThat(raft.decided()).isEqualTo(TWO);
      raft.takeSnapshot();
      receive(raft, follower, 1, 3, 1, change(1, TWO.with("a@2")));
    }
    try (DurableLog log = openLog()) {
      StrictRaft again = member(log);
      again.initStateMachineFromLog();
      assertThat(again.configuration()).as("not committed").isEqualTo(TWO.with("a@2"));
      again.cutFrom(4);
      assertThat(again.configuration()).as("of the snapshot").isEqualTo(TWO);
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

  private static LogEntry command(long term) {
    return new LogEntry(term, CommandCodec.encode(new Proposal(term, 1, 1, 0, new Barrier())));
  }

  private static LogEntry change(long term, Configuration configuration) {
    byte[] entry = configuration.toEntry();
    return new LogEntry(term, entry, 0, entry.length, true);
  }

  private DurableLog openLog() throws IOException {
    DurableLog log = new DurableLog(directory, false);
    log.open();
    return log;
  }

  private static StrictRaft member(DurableLog log) {
    StrictRaft raft = new StrictRaft(new LogApplier(new Sessions(), new AppliedIndex()), new UnheardEvents());
    raft.setAddress(ExtendedUUID.randomUUID("b"));
    raft.log(log);
    raft.raftId("d@1");
    raft.admit(THREE);
    return raft;
  }
}
