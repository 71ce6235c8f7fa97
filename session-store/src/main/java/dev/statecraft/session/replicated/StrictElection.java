package dev.statecraft.session.replicated;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.MergeView;
import org.jgroups.Message;
import org.jgroups.View;
import org.jgroups.protocols.raft.ELECTION;
import org.jgroups.protocols.raft.LogEntry;
import org.jgroups.protocols.raft.RaftHeader;
import org.jgroups.protocols.raft.election.BaseElection;
import org.jgroups.protocols.raft.election.LeaderElected;
import org.jgroups.protocols.raft.election.VoteRequest;
import org.jgroups.protocols.raft.election.VoteResponse;
import org.jgroups.raft.util.Utils;
import org.jspecify.annotations.Nullable;

/**
 * The library's way to elect, in which one member collects the votes and the one with the longest log leads, with an
 * own count: the library counts by the collector's list of members, and in whatever round runs. See docs/decisions/0020
 * and 0021. Members act on what the view says; {@link #lookAfterLeader} is for what the view does not say.
 */
final class StrictElection extends ELECTION {
  /** A leader that lives is heard of every 400 ms; a stalled machine may take a few times that. */
  private static final long SILENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(2_000);
  /** Where no leader is known: time for one that is there to say so, and for whoever comes first to call the vote. */
  private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(700);
  private static final int SHORTEST_PAUSE_MILLIS = 20;
  private static final int LONGEST_PAUSE_MILLIS = 150;

  private final StrictRaft strict;
  private final AtomicBoolean voting = new AtomicBoolean();
  private volatile boolean stopped;
  private long lastLook = System.nanoTime();
  private long listeningSince = System.nanoTime();
  private volatile @Nullable Ballot ballot;

  StrictElection(StrictRaft strict, long voteMillis) {
    this.strict = strict;
    setId(ELECTION_ID);
    voteTimeout(voteMillis);
  }

  // ---- When

  @Override
  protected void handleView(View next) {
    View previous = view;
    view = next;
    if (!strict.isAdmitted()) {
      return;
    }
    Address leader = strict.leader();
    if (leader != null && (!next.containsMember(leader) || !hasMajority(next))) {
      strict.setLeaderAndTerm(null);
    }
    if (strict.isLeader()) {
      List<Address> joiners = View.newMembers(previous, next);
      if (joiners != null && !joiners.isEmpty()) {
        sendLeaderElectedMessage(strict.leader(), strict.currentTerm());
      }
    } else if (!(next instanceof MergeView) && rank(next) == 0) {
      // Groups that merge may bring a leader; it is waited for.
      callVote();
    }
  }

  /**
   * Starts a vote where no change of the view would: the leader stepped down for a higher term, or never learned that
   * it was elected, or whoever was to call the vote does not. To be called every so often on every member, by one
   * thread.
   */
  void lookAfterLeader() {
    long time = System.nanoTime();
    if (time - lastLook > PATIENCE_NANOS) {
      // This process stood still, and what it has not heard yet may be waiting to be read.
      listeningSince = time;
    }
    lastLook = time;
    View now = view;
    int rank = now == null || strict.isLeader() ? -1 : rank(now);
    if (rank < 0) {
      return;
    }
    long silence = strict.leader() == null ? PATIENCE_NANOS : SILENCE_NANOS;
    if (time - strict.heardFromLeader() > silence * (rank + 1) && time - listeningSince > silence) {
      strict.exclusively(() -> {
        if (!strict.isLeader()) {
          strict.setLeaderAndTerm(null);
        }
      });
      callVote();
    }
  }

  /** To be called when this member may vote from now on. */
  void admitted() {
    View now = view;
    if (now != null && rank(now) == 0) {
      callVote();
    }
  }

  /** Starts a vote if there is no leader and a majority to elect one; does nothing where one runs. */
  private void callVote() {
    if (isWanted() && voting.compareAndSet(false, true)) {
      Thread.ofPlatform().daemon().name("raft-vote").start(this::vote);
    }
  }

  @Override
  public synchronized BaseElection startVotingThread() {
    callVote();
    return this;
  }

  @Override
  public synchronized BaseElection stopVotingThread() {
    stopped = true;
    return this;
  }

  @Override
  public void start() throws Exception {
    stopped = false;
    super.start();
  }

  private boolean isWanted() {
    View now = view;
    return !stopped && now != null && strict.isAdmitted() && strict.leader() == null && rank(now) >= 0
        && hasMajority(now);
  }

  private boolean hasMajority(View of) {
    Configuration configuration = strict.configuration();
    return of.getMembers().stream().map(Utils::extractRaftId).distinct().filter(configuration::contains)
        .count() >= configuration.majority();
  }

  /** This member's place among those of its configuration that are there; -1 for none. */
  private int rank(View of) {
    Configuration configuration = strict.configuration();
    return of.getMembers().stream().map(Utils::extractRaftId).filter(configuration::contains).distinct().toList()
        .indexOf(strict.raftId());
  }

  // ---- How

  private void vote() {
    try {
      while (isWanted() && !round()) {
        Thread.sleep(ThreadLocalRandom.current().nextInt(SHORTEST_PAUSE_MILLIS, LONGEST_PAUSE_MILLIS));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      log.warn("%s: a vote ended early: %s", local_addr, e);
    } finally {
      ballot = null;
      voting.set(false);
    }
  }

  /** Returns whether somebody was elected. */
  private boolean round() throws InterruptedException {
    View now = view;
    Configuration configuration = strict.configuration();
    Ballot round = new Ballot(
        strict.createNewTerm(),
        now.getMembers().stream().map(Utils::extractRaftId).filter(configuration::contains).toList());
    ballot = round;
    num_voting_rounds++;
    sendVoteRequest(round.term());
    round.await(vote_timeout);
    Optional<Ballot.Vote> winner = Ballot.winner(round.votes());
    if (winner.isEmpty()) {
      return false;
    }
    Address leader = winner.get().voter();
    if (strict.trySetLeaderAndTerm(leader, round.term()) < 0) {
      return false;
    }
    sendLeaderElectedMessage(leader, round.term());
    if (!view.containsMember(leader)) {
      strict.setLeaderAndTerm(null);
      return false;
    }
    return true;
  }

  @Override
  protected void handleMessage(Message message, RaftHeader header) {
    // Its own messages come back to it, and a member that is to be taken in is not in its own configuration yet.
    if (!strict.isAdmitted() || !(message.src().equals(local_addr) || strict.knows(message.src()))) {
      return;
    }
    switch (header) {
      // A vote tells how far the log reaches, so no append may come between the look and the new term.
      case VoteRequest request -> strict.exclusively(() -> answer(message.src(), request.currTerm()));
      case VoteResponse response -> count(message, response);
      case LeaderElected elected -> {
        View now = view;
        if (now != null && now.containsMember(elected.leader())) {
          strict.trySetLeaderAndTerm(elected.leader(), elected.currTerm());
        }
      }
      default -> log.warn("%s: unknown header %s", local_addr, header);
    }
  }

  /**
   * Votes. Also a member that is not in its own configuration does: whoever counts the vote asks whether it is in the
   * candidate's, and the entry that takes this member in may not have reached it yet.
   */
  private void answer(Address collector, long term) {
    if (strict.currentTerm(term) < 0) {
      return;
    }
    Address votedFor = strict.votedFor();
    if (votedFor != null && !votedFor.equals(collector)) {
      return;
    }
    strict.votedFor(collector);
    LogEntry last = strict.entryAt(strict.lastAppended());
    byte[] vote = new WireWriter().number(last == null ? 0 : last.term()).number(strict.lastAppended())
        .bytes(strict.configuration().toEntry()).toArray();
    down_prot.down(
        new BytesMessage(collector, vote).putHeader(id, new VoteResponse(term, 0, 0)).setFlag(Message.Flag.OOB));
  }

  private void count(Message message, VoteResponse response) {
    Ballot now = ballot;
    // One that comes late belongs to another round, in which its voter may have voted for another.
    if (now == null || response.currTerm() != now.term() || message.getLength() == 0) {
      return;
    }
    WireReader in = new WireReader(message.getArray(), message.getOffset(), message.getLength());
    long lastTerm = in.number();
    long lastIndex = in.number();
    now.add(
        new Ballot.Vote(
            message.src(),
            Utils.extractRaftId(message.src()),
            lastTerm,
            lastIndex,
            Configuration.ofBytes(in.bytes())));
  }
}
