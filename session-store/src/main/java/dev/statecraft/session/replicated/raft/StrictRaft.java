package dev.statecraft.session.replicated.raft;

import dev.statecraft.session.replicated.raft.membership.Configuration;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jgroups.Address;
import org.jgroups.Message;
import org.jgroups.View;
import org.jgroups.protocols.raft.AppendEntriesRequest;
import org.jgroups.protocols.raft.AppendResult;
import org.jgroups.protocols.raft.InternalCommand;
import org.jgroups.protocols.raft.LogEntry;
import org.jgroups.protocols.raft.RAFT;
import org.jgroups.protocols.raft.RaftHeader;
import org.jgroups.protocols.raft.RaftImpl;
import org.jgroups.protocols.raft.Role;
import org.jgroups.raft.util.CommitTable;
import org.jgroups.raft.util.RequestTable;
import org.jgroups.util.Util;

/**
 * jgroups-raft's protocol, corrected where it departs from the paper (Ongaro, Ousterhout: In Search of an
 * Understandable Consensus Algorithm, 2014). docs/decisions/0020 lists each departure and what it can cost.
 */
final class StrictRaft extends ConfigurableRaft {
  private static final long MAINTENANCE_NANOS = 50_000_000;

  private final LogApplier applier;
  private final Events events;
  private final LogSender sender = new LogSender(this);
  private volatile boolean active;
  private volatile boolean failed;
  private long verified;
  private long verifiedTerm;
  private long announcedCommit;
  private long lastMaintenance = System.nanoTime();
  private long snapshotBytes;
  private long snapshotTerm;
  private volatile long heardFromLeader = System.nanoTime();

  /** Callbacks to the node. They are called with Raft's lock held and must return at once. */
  interface Events {
    void leaderMayHaveChanged();

    void snapshotTaken(Duration time);

    /** This member can no longer take part: its log or its state cannot be trusted or written. */
    void failed(Throwable cause);
  }

  StrictRaft(LogApplier applier, Events events) {
    this.applier = applier;
    this.events = events;
    setId(RAFT_ID);
    stateMachine(applier);
  }

  /**
   * Lets this member vote and append. Before, it ignores all messages and sends none.
   *
   * @param founders the founding configuration; later ones are in the snapshot and the log
   */
  void activate(Configuration founders) {
    withLock(() -> {
      foundWith(founders);
      active = true;
    });
  }

  /** Makes this member ignore all messages again: it was removed from the group. */
  void deactivate() {
    withLock(() -> active = false);
  }

  @Override
  boolean isActive() {
    return active && !failed;
  }

  @Override
  Optional<StrictLeader> leaderRole() {
    return impl instanceof StrictLeader leader ? Optional.of(leader) : Optional.empty();
  }

  /** When this member last heard from a leader of this term, or was elected; as {@link System#nanoTime}. */
  long heardFromLeader() {
    return heardFromLeader;
  }

  LogSender sender() {
    return sender;
  }

  @Override
  protected void process(List<Request> batch) {
    state.lock();
    try {
      if (!isActive()) {
        return;
      }
      // Messages first and by themselves: one of them may depose this leader, and the library would still append the
      // proposals of the same batch, at indexes and in a term that are no longer this leader's.
      List<Request> messages = new ArrayList<>(batch.size());
      List<Request> proposals = new ArrayList<>(batch.size());
      for (Request request : batch) {
        (request instanceof DownRequest ? proposals : messages).add(request);
      }
      if (!messages.isEmpty()) {
        super.process(messages);
      }
      if (!proposals.isEmpty()) {
        long announced = commit_index;
        super.process(proposals);
        announcedCommit = Math.max(announcedCommit, announced);
      }
      maintain();
    } catch (RuntimeException | Error e) {
      fail(e);
    } finally {
      state.unlock();
    }
  }

  @Override
  public void handleView(View view) {
    state.lock();
    try {
      super.handleView(view);
      retainPeers(view.getMembers());
      if (impl instanceof StrictLeader leader) {
        leader.retain(view.getMembers());
      }
    } finally {
      state.unlock();
    }
    events.leaderMayHaveChanged();
  }

  @Override
  protected RAFT changeRole(Role role) {
    RaftImpl old = impl;
    boolean leads = role == Role.Leader;
    if (leads ? !(old instanceof StrictLeader) : !(old instanceof StrictFollower)) {
      old.destroy();
      RaftImpl next = leads ? new StrictLeader(this) : new StrictFollower(this);
      next.init();
      impl = next;
      if (next instanceof StrictLeader leader) {
        announcedCommit = 0;
        leader.retain(view == null ? List.of() : view.getMembers());
        commitInOwnTerm();
      }
      notifyRoleChangeListeners(role);
    }
    heardFromLeader = System.nanoTime();
    events.leaderMayHaveChanged();
    return this;
  }

  /** A leader commits only entries of its own term by counting (Raft, section 5.4.2), so it appends one at once. */
  private void commitInOwnTerm() {
    try {
      byte[] nothing = Util.streamableToByteBuffer(new InternalCommand(InternalCommand.Type.noop, ""));
      var _ = setAsync(nothing, 0, nothing.length, true, null);
    } catch (Exception e) {
      fail(e);
    }
  }

  @Override
  public void handleUpRequest(Message message, RaftHeader header) {
    if (!isPeer(message.src())) {
      return;
    }
    if (header.currTerm() < currentTerm() && header instanceof AppendEntriesRequest) {
      // The library drops it without an answer, so a leader with an old term would never learn the newer one.
      sender.answer(message.src(), new AppendResult(AppendResult.Result.FAIL_ENTRY_NOT_FOUND, last_appended));
      return;
    }
    try {
      super.handleUpRequest(message, header);
    } catch (RuntimeException | Error e) {
      // The library would log it and continue with a log or a state that differs from the group's.
      fail(e);
      throw e;
    }
  }

  @Override
  public void start() throws Exception {
    changeRole(Role.Follower);
    super.start();
  }

  /** As leader, commits by counting only up to an entry of its own term (Raft, figure 8). */
  @Override
  protected RAFT commitLogTo(long index, boolean answer) {
    long to = Math.min(index, last_appended);
    if (to <= commit_index) {
      return this;
    }
    if (impl instanceof StrictLeader) {
      LogEntry entry = log_impl.get(to);
      if (entry == null || entry.term() != currentTerm()) {
        return this;
      }
    }
    return super.commitLogTo(to, answer);
  }

  /** Index up to which this follower's log is known to equal the leader's. */
  long verified() {
    return Math.max(verified, commit_index);
  }

  int snapshotsReceived() {
    return num_snapshot_received;
  }

  void heardFrom(Address leader) {
    heardFromLeader = System.nanoTime();
    leader(leader);
    if (verifiedTerm != currentTerm()) {
      verifiedTerm = currentTerm();
      verified = commit_index;
    }
  }

  void verifiedTo(long index) {
    verified = Math.max(verified, index);
  }

  /** Replaces log and state by the leader's snapshot. */
  void install(Message message, long index, long term) throws Exception {
    log_impl.setSnapshot(ByteBuffer.wrap(message.getArray(), message.getOffset(), message.getLength()));
    readSnapshot(ByteBuffer.wrap(message.getArray(), message.getOffset(), message.getLength()));
    log_impl.reinitializeTo(index, new LogEntry(term, null));
    commit_index = index;
    last_appended = index;
    configurationCommittedAt(index);
    num_snapshot_received++;
    verifiedTo(index);
  }

  @Override
  protected void sendAppendEntriesMessage(Address member, CommitTable.Entry entry) {
    withLock(this::maintain);
  }

  /** Catches up lagging followers and announces commits; the library does so only when idle for a whole interval. */
  private void maintain() {
    if (!(impl instanceof StrictLeader leader)) {
      return;
    }
    long now = System.nanoTime();
    boolean due = now - lastMaintenance >= MAINTENANCE_NANOS;
    if (due) {
      lastMaintenance = now;
      leader.catchUpAll(now);
    }
    boolean heartbeat = leader.heartbeatIsDue(now);
    if (commit_index > announcedCommit || heartbeat) {
      // Reads on followers wait for the commit, so it is announced at once: one message for a batch of commits.
      announcedCommit = commit_index;
      leader.heartbeatSent(now);
      sender.heartbeat();
    }
  }

  @Override
  protected void applyCommit(long index, boolean answer) throws Exception {
    if (index <= applier.index()) {
      return;
    }
    LogEntry entry = log_impl.get(index);
    if (entry == null) {
      throw new IllegalStateException("Committed log entry " + index + " is missing");
    }
    applier.at(index);
    byte[] outcome = null;
    if (Configuration.isIn(entry)) {
      configurationCommittedAt(index);
    } else if (entry.internal()) {
      executeInternalCommand(null, entry.command(), entry.offset(), entry.length());
    } else {
      outcome = applier.apply(entry.command(), entry.offset(), entry.length(), answer);
    }
    applier.passed(index);
    RequestTable<String> requests = request_table;
    if (requests != null) {
      notify(requests.remove(index), outcome);
    }
  }

  @Override
  protected long applyCommits(long to, boolean answer) {
    for (long index = commit_index + 1; index <= to; index++) {
      try {
        applyCommit(index, answer);
      } catch (Exception e) {
        // A node that skipped an entry or applied it twice would serve a state that no other node has.
        throw new IllegalStateException("Cannot apply log entry " + index, e);
      }
    }
    return Math.max(commit_index, to);
  }

  @Override
  public void initStateMachineFromLog() throws Exception {
    if (state_machine_loaded) {
      return;
    }
    ByteBuffer snapshot = log_impl.getSnapshot();
    long snapshotIndex = 0;
    if (snapshot != null) {
      snapshotBytes = snapshot.remaining();
      readSnapshot(snapshot);
      snapshotIndex = applier.restored();
      LogEntry last = log_impl.get(snapshotIndex);
      if (last == null || last.term() != snapshotTerm) {
        // The process was killed after a leader's snapshot was on disk and before the log was replaced.
        log_impl.reinitializeTo(snapshotIndex, new LogEntry(snapshotTerm, null));
        last_appended = snapshotIndex;
      }
    }
    // An earlier attempt of this process to join may have applied entries already; applyCommit skips those.
    commit_index = Math.max(commit_index, snapshotIndex);
    for (long index = snapshotIndex + 1; index <= commit_index; index++) {
      applyCommit(index, false);
    }
    readConfigurations(snapshotIndex + 1, log_impl.lastAppended());
    configurationCommittedAt(commit_index);
    state_machine_loaded = true;
  }

  @Override
  protected void snapshotIfNeeded(int bytesAdded) {
    curr_log_size += bytesAdded;
    // At least as much log as state, so the cost of snapshots stays a constant factor of the cost of the log.
    if (curr_log_size >= Math.max(max_log_size, snapshotBytes)) {
      takeSnapshot();
    }
  }

  @Override
  protected void takeSnapshot() {
    if (commit_index == 0) {
      return;
    }
    try {
      long began = System.nanoTime();
      ByteBuffer content = snapshotContent();
      snapshotBytes = content.remaining();
      log_impl.setSnapshot(content);
      log_impl.truncate(commit_index);
      num_snapshots++;
      curr_log_size = 0;
      events.snapshotTaken(Duration.ofNanos(System.nanoTime() - began));
    } catch (Exception e) {
      throw new IllegalStateException("Cannot write a snapshot", e);
    }
  }

  ByteBuffer snapshotContent() throws IOException {
    return SnapshotCodec
        .write(new SnapshotCodec.Header(configurationAt(commit_index), termAt(commit_index)), applier);
  }

  private void readSnapshot(ByteBuffer snapshot) throws IOException {
    SnapshotCodec.Header header = SnapshotCodec.read(snapshot, applier);
    snapshotTerm = header.term();
    beginConfigurations(applier.restored(), header.members());
  }

  @Override
  void fail(Throwable cause) {
    if (!failed) {
      failed = true;
      events.failed(cause);
    }
  }
}
