package dev.statecraft.session.replicated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.session.replicated.Command.Barrier;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jgroups.Address;
import org.jgroups.Message;
import org.jgroups.protocols.raft.AppendResult;
import org.jgroups.protocols.raft.AppendResult.Result;
import org.jgroups.protocols.raft.LogEntries;
import org.jgroups.protocols.raft.LogEntry;
import org.jgroups.stack.Protocol;
import org.jgroups.util.ExtendedUUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a leader finds out from where on a follower's log is another one. */
class StrictLeaderTest {
  @TempDir
  Path directory;

  private final Address follower = ExtendedUUID.randomUUID("follower");
  private final List<Long> sentFrom = new ArrayList<>();
  private DurableLog log;
  private StrictRaft raft;
  private StrictLeader leader;

  @BeforeEach
  void leadWithALogOfTwoTerms() throws IOException {
    log = new DurableLog(directory, false);
    log.open();
    raft = new StrictRaft(new LogApplier(new Sessions(), new AppliedIndex()), new UnheardEvents());
    raft.setAddress(ExtendedUUID.randomUUID("leader"));
    raft.log(log);
    raft.raftId("leader");
    raft.setDownProtocol(new Protocol() {
      @Override
      public Object down(Message message) {
        LogEntries entries = message.getObject();
        // Always up to the last one.
        sentFrom.add(raft.lastAppended() + 1 - entries.size());
        return message;
      }
    });
    raft.currentTerm(2);
    LogEntries entries = new LogEntries();
    for (long term : new long[]{1, 1, 1, 2, 2, 2, 2, 2}) {
      entries.add(new LogEntry(term, CommandCodec.encode(new Proposal(term, 1, 1, 0, new Barrier()))));
    }
    raft.appendFrom(1, entries);
    leader = new StrictLeader(raft);
    leader.retain(List.of(follower));
  }

  @AfterEach
  void close() {
    log.close();
  }

  @Test
  void aConflictIsFollowedUpAtOnceAndWhatFailsMeanwhileDoesNotUndoIt() {
    // A former leader, whose third to fifth entry are of a term of which nothing was committed.
    leader.handleAppendEntriesResponse(follower, 2, new AppendResult(Result.FAIL_ENTRY_NOT_FOUND, 5));
    leader.handleAppendEntriesResponse(follower, 2, new AppendResult(Result.FAIL_CONFLICTING_PREV_TERM, 3, 1));
    assertThat(sentFrom).containsExactly(6L, 3L);

    // Entries that are new reach it as well, and it cannot do anything with them yet.
    for (int write = 0; write < 10; write++) {
      leader.handleAppendEntriesResponse(follower, 2, new AppendResult(Result.FAIL_ENTRY_NOT_FOUND, 5));
    }
    leader.catchUpAll(System.nanoTime() + Duration.ofSeconds(1).toNanos());
    assertThat(sentFrom).containsExactly(6L, 3L, 3L);
  }
}
