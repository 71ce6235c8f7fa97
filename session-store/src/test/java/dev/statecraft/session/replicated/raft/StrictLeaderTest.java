package dev.statecraft.session.replicated.raft;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.jgroups.stack.Protocol;
import org.jgroups.util.ExtendedUUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a leader finds the index from which a follower's log differs. */
class StrictLeaderTest {
  @TempDir
  Path directory;

  private final Address follower = ExtendedUUID.randomUUID("follower");
  private final List<Long> sentFrom = new ArrayList<>();
  private DurableLog log;
  private StrictRaft raft;
  private StrictLeader leader;

  @BeforeEach
  void createLeaderWithTwoTermsInLog() throws IOException {
    log = TestEntries.openLog(directory);
    raft = TestEntries.raft(log, new AppliedIndex());
    raft.setAddress(ExtendedUUID.randomUUID("leader"));
    raft.raftId("leader");
    raft.setDownProtocol(new Protocol() {
      @Override
      public Object down(Message message) {
        LogEntries entries = message.getObject();
        // A resend always ends with the last entry.
        sentFrom.add(raft.lastAppended() + 1 - entries.size());
        return message;
      }
    });
    raft.currentTerm(2);
    raft.appendFrom(1, TestEntries.commands(1, 1, 1, 2, 2, 2, 2, 2));
    leader = new StrictLeader(raft);
    leader.retain(List.of(follower));
  }

  @AfterEach
  void close() {
    log.close();
  }

  @Test
  void laterFailuresDoNotUndoAnswerToConflict() {
    // The follower led before; its entries 3 to 5 are of a term in which nothing was committed.
    leader.handleAppendEntriesResponse(follower, 2, new AppendResult(Result.FAIL_ENTRY_NOT_FOUND, 5));
    leader.handleAppendEntriesResponse(follower, 2, new AppendResult(Result.FAIL_CONFLICTING_PREV_TERM, 3, 1));
    assertThat(sentFrom).containsExactly(6L, 3L);

    // New entries reach the follower too, and it cannot append them yet.
    for (int write = 0; write < 10; write++) {
      leader.handleAppendEntriesResponse(follower, 2, new AppendResult(Result.FAIL_ENTRY_NOT_FOUND, 5));
    }
    leader.catchUpAll(System.nanoTime() + Duration.ofSeconds(1).toNanos());
    assertThat(sentFrom).containsExactly(6L, 3L, 3L);
  }
}
