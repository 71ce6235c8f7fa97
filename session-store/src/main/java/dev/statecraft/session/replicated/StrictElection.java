package dev.statecraft.session.replicated;

import java.util.concurrent.TimeUnit;
import org.jgroups.Message;
import org.jgroups.protocols.raft.ELECTION;
import org.jgroups.protocols.raft.RaftHeader;
import org.jgroups.protocols.raft.election.BaseElection;
import org.jgroups.protocols.raft.election.VoteRequest;
import org.jgroups.protocols.raft.election.VoteResponse;

/**
 * The library's election, in which the coordinator of the view collects the votes, made safe against late votes and
 * against a view that changes once too few. See docs/decisions/0020.
 */
final class StrictElection extends ELECTION {
  /** A leader that lives is heard of every 400 ms; a stalled machine may take a few times that. */
  private static final long SILENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(2_000);

  private final StrictRaft strict;

  StrictElection(StrictRaft strict, long voteMillis) {
    this.strict = strict;
    setId(ELECTION_ID);
    voteTimeout(voteMillis);
  }

  @Override
  protected void handleMessage(Message message, RaftHeader header) {
    if (!strict.isAdmitted()) {
      return;
    }
    if (header instanceof VoteResponse && header.currTerm() != strict.currentTerm()) {
      // The library counts it for the round that runs now, though the voter may vote for another one there.
      return;
    }
    if (header instanceof VoteRequest) {
      // A vote tells how far the log reaches, so no append may come between the look and the new term.
      strict.exclusively(() -> super.handleMessage(message, header));
    } else {
      super.handleMessage(message, header);
    }
  }

  @Override
  public synchronized BaseElection startVotingThread() {
    return strict.isAdmitted() ? super.startVotingThread() : this;
  }

  /**
   * Starts a vote where the library, which acts on changes of the view only, would wait for ever: the leader stepped down
   * for a higher term, or never learned that it was elected. To be called every so often on every member.
   */
  void lookAfterLeader() {
    if (System.nanoTime() - strict.heardFromLeader() > SILENCE_NANOS) {
      callVote();
    }
  }

  /** Starts a vote if that is for this member to do and it does not lead; does nothing where one runs. */
  void callVote() {
    if (view != null && isViewCoordinator() && isMajorityAvailable() && !strict.isLeader()) {
      startVotingThread();
    }
  }
}
