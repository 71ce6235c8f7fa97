package dev.statecraft.session.replicated.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.jgroups.protocols.raft.LogEntries;
import org.jgroups.protocols.raft.LogEntry;
import org.jgroups.util.ExtendedUUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableLogTest {
  @TempDir
  Path directory;

  private DurableLog log;

  @BeforeEach
  void open() throws IOException {
    log = new DurableLog(directory, true, new IgnoredTimings());
    log.open();
  }

  private void reopen() throws IOException {
    log.close();
    open();
  }

  private void append(long index, long term, int count) {
    LogEntries entries = new LogEntries();
    for (int i = 0; i < count; i++) {
      entries.add(TestEntries.command(term));
    }
    log.append(index, entries);
  }

  @Test
  void termVoteAndEntriesSurviveRestart() throws IOException {
    ExtendedUUID candidate = ExtendedUUID.randomUUID("x");
    append(1, 3, 5);
    log.currentTerm(4);
    log.votedFor(candidate);
    log.commitIndex(2);
    reopen();
    assertThat(log.currentTerm()).isEqualTo(4);
    assertThat(log.votedFor()).isEqualTo(candidate);
    assertThat(log.lastAppended()).isEqualTo(5);
    assertThat(log.commitIndex()).isEqualTo(2);
  }

  @Test
  void oldEntryDoesNotLowerTerm() throws IOException {
    log.currentTerm(7);
    append(1, 3, 2);
    log.deleteAllEntriesStartingFrom(2);
    log.reinitializeTo(40, new LogEntry(5, null));
    reopen();
    assertThat(log.currentTerm()).isEqualTo(7);
  }

  @Test
  void logAfterSnapshotSurvivesRestart() throws IOException {
    append(1, 1, 3);
    log.reinitializeTo(100, new LogEntry(2, null));
    append(101, 2, 2);
    reopen();
    assertThat(log.firstAppended()).isEqualTo(100);
    assertThat(log.lastAppended()).isEqualTo(102);
    assertThat(Objects.requireNonNull(log.get(100)).term()).isEqualTo(2);
    assertThat(log.commitIndex()).isEqualTo(100);
  }

  @Test
  void truncatesTornTail() throws IOException {
    append(1, 1, 3);
    log.commitIndex(1);
    int length = Objects.requireNonNull(log.get(3)).length();
    Path entries = directory.resolve("entries.raft");
    long endOfThird = 3L * (length + 26);
    try (FileChannel file = FileChannel.open(entries, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.allocate(length / 2), endOfThird - length / 2);
    }
    reopen();
    assertThat(log.lastAppended()).isEqualTo(2);
    append(3, 2, 1);
    reopen();
    assertThat(log.lastAppended()).isEqualTo(3);
  }

  @Test
  void rejectsLogWithoutCommittedEntries() throws IOException {
    append(1, 1, 3);
    log.commitIndex(3);
    log.close();
    Files.delete(directory.resolve("entries.raft"));
    assertThatThrownBy(this::open).isInstanceOf(IOException.class).hasMessageContaining("damaged");
  }

  @Test
  void snapshotReplacesPreviousOne() throws IOException {
    log.setSnapshot(ByteBuffer.wrap(new byte[]{1, 2, 3}));
    log.setSnapshot(ByteBuffer.wrap(new byte[]{0, 4, 5, 0}, 1, 2));
    reopen();
    assertThat(Objects.requireNonNull(log.getSnapshot()).array()).containsExactly(4, 5);
  }
}
