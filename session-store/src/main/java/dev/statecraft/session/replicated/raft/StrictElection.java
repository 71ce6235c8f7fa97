package dev.statecraft.session.replicated.raft;

import dev.statecraft.session.replicated.raft.membership.Ballot;
import dev.statecraft.session.replicated.raft.membership.Configuration;
import dev.statecraft.session.replicated.wire.WireReader;
import dev.statecraft.session.replicated.wire.WireWriter;
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
 * jgroups-raft's election, in which one member collects the votes and the member with the most up-to-date log becomes
 * leader, with another count of votes ({@link Ballot}). The library counts by the collector's list of members, and also
 * votes of an earlier round; see docs/decisions/0020 and 0021. A change of the view starts an election; so does
 * {@link #checkLeader} if no leader is heard.
 */
final class StrictElection extends ELECTION {
  /** A leader sends a heartbeat every 400 ms; a stalled machine may take a few times that. */
  private static final long LEADER_TIMEOUT_NANOS = TimeUnit.MILLISECONDS.toNanos(2_000);
  /** Without a known leader: time for a leader to announce itself, and for the first member to start an election. */
  private static final long NO_LEADER_TIMEOUT_NANOS = TimeUnit.MILLISECONDS.toNanos(700);
  private static final int MIN_PAUSE_MILLIS = 20;
  private static final int MAX_PAUSE_MILLIS = 150;

  private final StrictRaft strict;
  private final AtomicBoolean voting = new AtomicBoolean();
  private volatile boolean stopped;
  private long lastCheck = System.nanoTime();
  private long listeningSince = System.nanoTime();
  private volatile @Nullable Ballot ballot;

  StrictElection(StrictRaft strict, long voteMillis) {
    this.strict = strict;
    setId(ELECTION_ID);
    voteTimeout(voteMillis);
  }

  @Override
  protected void handleView(View next) {
    View previous = view;
    view = next;
    if (!strict.isActive()) {
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
      // Partitions that merge may bring a leader, so members wait for it.
      callVote();
    }
  }

  /**
   * Starts an election if no leader was heard for a while and no change of the view started one. The leader may have
   * stepped down for a higher term or never learned that it was elected, or the first member does not start the
   * election. One thread calls this periodically.
   */
  void checkLeader() {
    long time = System.nanoTime();
    if (time - lastCheck > NO_LEADER_TIMEOUT_NANOS) {
      // This process was paused, and messages of the leader may be waiting to be read.
      listeningSince = time;
    }
    lastCheck = time;
    View now = view;
    int rank = now == null || strict.isLeader() ? -1 : rank(now);
    if (rank < 0) {
      return;
    }
    long timeout = strict.leader() == null ? NO_LEADER_TIMEOUT_NANOS : LEADER_TIMEOUT_NANOS;
    if (time - strict.heardFromLeader() > timeout * (rank + 1) && time - listeningSince > timeout) {
      strict.withLock(() -> {
        if (!strict.isLeader()) {
          strict.setLeaderAndTerm(null);
        }
      });
      callVote();
    }
  }

  /** Called once this member may vote. */
  void activated() {
    View now = view;
    if (now != null && rank(now) == 0) {
      callVote();
    }
  }

  /** Starts an election if there is no leader and a majority is connected; does nothing while one runs. */
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
    return !stopped && now != null && strict.isActive() && strict.leader() == null && rank(now) >= 0
        && hasMajority(now);
  }

  private boolean hasMajority(View of) {
    Configuration configuration = strict.configuration();
    return of.getMembers().stream().map(Utils::extractRaftId).distinct().filter(configuration::contains)
        .count() >= configuration.majority();
  }

  /** This member's position among the connected members of its configuration; -1 if it is none of them. */
  private int rank(View of) {
    Configuration configuration = strict.configuration();
    return of.getMembers().stream().map(Utils::extractRaftId).filter(configuration::contains).distinct().toList()
        .indexOf(strict.raftId());
  }

  private void vote() {
    try {
      while (isWanted() && !round()) {
        Thread.sleep(ThreadLocalRandom.current().nextInt(MIN_PAUSE_MILLIS, MAX_PAUSE_MILLIS));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      log.warn("%s: election failed, the next check starts another one: %s", local_addr, e);
    } finally {
      ballot = null;
      voting.set(false);
    }
  }

  /** Runs one round; returns whether a leader was elected. */
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
    // Its own messages come back to it, and a member that is being added is not in its own configuration yet.
    if (!strict.isActive() || !(message.src().equals(local_addr) || strict.isPeer(message.src()))) {
      return;
    }
    switch (header) {
      // A vote tells the end of the log, so no append may come between reading it and the new term.
      case VoteRequest request -> strict.withLock(() -> answer(message.src(), request.currTerm()));
      case VoteResponse response -> count(message, response);
      case LeaderElected elected -> {
        View now = view;
        if (now != null && now.containsMember(elected.leader())) {
          strict.trySetLeaderAndTerm(elected.leader(), elected.currTerm());
        }
      }
      default -> log.warn("%s: ignored a message with the unknown header %s", local_addr, header);
    }
  }

  /**
   * Votes. A member that is not in its own configuration votes too: the entry that adds it may not have reached it yet,
   * and the collector checks that the voter is in the candidate's configuration.
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
    // A late vote belongs to an earlier round, and its voter may have voted for another collector since.
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
