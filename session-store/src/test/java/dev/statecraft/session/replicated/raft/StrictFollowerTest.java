package dev.statecraft.session.replicated.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jgroups.Address;
import org.jgroups.protocols.raft.AppendResult;
import org.jgroups.util.ExtendedUUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cases in which jgroups-raft's own follower acknowledges or commits entries that are not the leader's. */
class StrictFollowerTest {
  @TempDir
  Path directory;

  private final AppliedIndex applied = new AppliedIndex();
  private final Address leader = ExtendedUUID.randomUUID("leader");
  private DurableLog log;
  private StrictRaft raft;
  private StrictFollower follower;

  @BeforeEach
  void open() throws IOException {
    log = TestEntries.openLog(directory);
    raft = TestEntries.raft(log, applied);
    raft.setAddress(ExtendedUUID.randomUUID("follower"));
    raft.raftId("follower");
    raft.members(List.of("leader", "follower", "third"));
    follower = new StrictFollower(raft);
  }

  @AfterEach
  void close() {
    log.close();
  }

  private AppendResult receive(long term, long previous, long previousTerm, long commit, long... terms) {
    raft.currentTerm(term);
    return follower
        .handleAppendEntriesRequest(
            TestEntries.commands(terms),
            leader,
            previous,
            previousTerm,
            terms.length == 0 ? 0 : terms[0],
            commit);
  }

  private long termAt(long index) {
    return Objects.requireNonNull(log.get(index)).term();
  }

  @Test
  void heartbeatNeitherCommitsNorAcknowledgesUnverifiedTail() {
    receive(1, 0, 0, 1, 1, 1, 1);
    // A new leader that has only the first entry, and has committed two of its own that are still in flight.
    AppendResult result = receive(2, 0, 0, 3);
    assertThat(result.success()).isTrue();
    assertThat(result.index()).isEqualTo(1);
    assertThat(applied.value()).isEqualTo(1);
  }

  @Test
  void resentEntryAcknowledgesOnlyItself() {
    receive(1, 0, 0, 2, 1, 1, 1, 1);
    AppendResult result = receive(2, 1, 1, 2, 1);
    assertThat(result.index()).isEqualTo(2);
  }

  @Test
  void comparesEachEntryOfBatch() {
    receive(1, 0, 0, 0, 1, 1, 1);
    AppendResult result = receive(2, 0, 0, 0, 1, 2, 2);
    assertThat(result.index()).isEqualTo(3);
    assertThat(List.of(termAt(1), termAt(2), termAt(3))).containsExactly(1L, 2L, 2L);
  }

  @Test
  void appendsOnlyNewEntriesOfOverlappingBatch() {
    receive(1, 0, 0, 0, 1, 1);
    AppendResult result = receive(1, 1, 1, 4, 1, 1, 1);
    assertThat(result.index()).isEqualTo(4);
    assertThat(log.lastAppended()).isEqualTo(4);
    assertThat(applied.value()).isEqualTo(4);
  }

  @Test
  void olderBatchTruncatesNothing() {
    receive(1, 0, 0, 0, 1, 1, 1);
    AppendResult result = receive(1, 0, 0, 0, 1);
    assertThat(result.index()).isEqualTo(3);
    assertThat(log.lastAppended()).isEqualTo(3);
  }

  @Test
  void reportsGapWithLastIndex() {
    receive(1, 0, 0, 0, 1);
    AppendResult result = receive(1, 5, 1, 0, 1);
    assertThat(result.success()).isFalse();
    assertThat(result.index()).isEqualTo(1);
  }

  @Test
  void reportsConflictWithFirstEntryOfItsTerm() {
    receive(1, 0, 0, 1, 1, 1);
    receive(2, 2, 1, 1, 2, 2, 2);
    AppendResult result = receive(4, 5, 3, 1, 4);
    assertThat(result.success()).isFalse();
    assertThat(result.index()).isEqualTo(3);
    assertThat(log.lastAppended()).as("entries are kept until the leader sends their replacement").isEqualTo(5);
  }
}
