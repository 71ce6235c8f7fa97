package dev.statecraft.session.replicated;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.EmptyMessage;
import org.jgroups.Message;
import org.jgroups.ObjectMessage;
import org.jgroups.View;
import org.jgroups.protocols.raft.AppendEntriesRequest;
import org.jgroups.protocols.raft.AppendEntriesResponse;
import org.jgroups.protocols.raft.AppendResult;
import org.jgroups.protocols.raft.InstallSnapshotRequest;
import org.jgroups.protocols.raft.InternalCommand;
import org.jgroups.protocols.raft.LogEntries;
import org.jgroups.protocols.raft.LogEntry;
import org.jgroups.protocols.raft.PersistentState;
import org.jgroups.protocols.raft.RAFT;
import org.jgroups.protocols.raft.RaftHeader;
import org.jgroups.protocols.raft.RaftImpl;
import org.jgroups.protocols.raft.Role;
import org.jgroups.raft.StateMachine;
import org.jgroups.raft.util.CommitTable;
import org.jgroups.raft.util.RequestTable;
import org.jgroups.raft.util.Utils;
import org.jgroups.util.ByteArrayDataInputStream;
import org.jgroups.util.ByteArrayDataOutputStream;
import org.jgroups.util.Util;
import org.jspecify.annotations.Nullable;

/**
 * The library's Raft protocol, held to the paper (Ongaro, Ousterhout: In Search of an Understandable Consensus
 * Algorithm). What differs, and the run that shows why each is needed, stands in docs/decisions/0020.
 *
 * <p>One lock guards all of Raft's state: the thread that works through the queue holds it for a batch, and the threads
 * that carry votes, views and leaders hold it for theirs.
 */
final class StrictRaft extends RAFT {
  private static final long MAINTENANCE_NANOS = 50_000_000;
  /** So few entries are on their way to a member that keeps up under load. */
  private static final long NEARLY = 256;

  private final ReentrantLock state = new ReentrantLock();
  private final LogApplier applier;
  private final Events events;
  private final Configurations configurations = new Configurations();
  /** Those in the view of whom this member knows that they belong to its group. */
  private final Set<Address> fellows = ConcurrentHashMap.newKeySet();
  private volatile Configuration configuration = Configuration.NOBODY;
  private volatile Configuration decided = Configuration.NOBODY;
  private volatile boolean admitted;
  private volatile boolean failed;
  private long verified;
  private long verifiedTerm;
  private long announcedCommit;
  private long lastMaintenance = System.nanoTime();
  private long snapshotBytes;
  private long snapshotTerm;
  private volatile long heardFromLeader = System.nanoTime();

  /** What the node wants to hear. Called while Raft's lock is held, so it must return at once. */
  interface Events {
    void leaderMayHaveChanged();

    /** This member can no longer take part, because what is on its disk or in its log cannot be trusted or written. */
    void failed(Throwable cause);
  }

  StrictRaft(LogApplier applier, Events events) {
    this.applier = applier;
    this.events = events;
    setId(RAFT_ID);
    stateMachine(applier);
  }

  /**
   * Lets this member vote and append; before, it hears nothing and says nothing.
   *
   * @param founders who decided first; what its snapshot and its log say of that comes after it
   */
  void admit(Configuration founders) {
    state.lock();
    try {
      if (configurations.latest().equals(Configuration.NOBODY)) {
        configurations.begin(0, founders);
        adopt();
      }
      admitted = true;
    } finally {
      state.unlock();
    }
  }

  /** Makes this member deaf and dumb again, for as long as this object lives: it was taken out. */
  void retire() {
    state.lock();
    try {
      admitted = false;
    } finally {
      state.unlock();
    }
  }

  boolean isAdmitted() {
    return admitted && !failed;
  }

  void exclusively(Runnable task) {
    state.lock();
    try {
      task.run();
    } finally {
      state.unlock();
    }
  }

  /** When a leader of this term was last heard of, or was elected; {@link System#nanoTime}. */
  long heardFromLeader() {
    return heardFromLeader;
  }

  // ---- Who is heard

  /** Takes note of one that belongs to the same group, member or not. */
  void meet(Address fellow) {
    fellows.add(fellow);
  }

  /**
   * Whether the other one is known to belong to this member's group. Where all founders have lost their disks and
   * founded another group, those who had joined the first meet it in one view, and what either group says must not be
   * taken for the other's: indexes and terms look alike.
   */
  boolean knows(Address other) {
    if (fellows.contains(other)) {
      return true;
    }
    String id = Utils.extractRaftId(other);
    if (id != null && configuration.contains(id)) {
      fellows.add(other);
      return true;
    }
    return false;
  }

  // ---- Who decides

  /** The last one in the log, by which this member counts, committed or not. */
  Configuration configuration() {
    return configuration;
  }

  /** The last one that is known to be committed. */
  Configuration decided() {
    return decided;
  }

  /**
   * Changes the configuration, by one member at most, where this member leads and nothing of the kind is under way. A
   * leader may do so only after an entry of its own term is committed (Ongaro's correction of 2015), and after the
   * change before is.
   *
   * @param change from the one in force to the next; empty for none
   */
  Optional<Configuration> reshape(Function<Configuration, Optional<Configuration>> change) {
    state.lock();
    try {
      if (!isAdmitted() || !(impl instanceof StrictLeader) || commit_index == 0
          || configurations.latestIndex() > commit_index || termAt(commit_index) != currentTerm()) {
        return Optional.empty();
      }
      Optional<Configuration> next = change.apply(configuration);
      if (next.isPresent()) {
        byte[] entry = next.get().toEntry();
        // It holds for its own entry already.
        configurations.appended(last_appended + 1, next.get());
        adopt();
        handleDownRequest(new CompletableFuture<>(), entry, 0, entry.length, true, null, false);
      }
      return next;
    } catch (RuntimeException | Error e) {
      fail(e);
      throw e;
    } finally {
      state.unlock();
    }
  }

  /** Whether this member leads and knows that the other one has all but the last entries of the log. */
  boolean hasCaughtUp(String memberId) {
    state.lock();
    try {
      return impl instanceof StrictLeader leader && last_appended - leader.matchOf(memberId) <= NEARLY;
    } finally {
      state.unlock();
    }
  }

  /** A leader that its own configuration does not contain does not count itself. */
  @Override
  public int majority() {
    return configuration.contains(raft_id) ? super.majority() : super.majority() + 1;
  }

  private void adopt() {
    configuration = configurations.latest();
    decided = configurations.at(commit_index);
    internal_state.setMembers(configuration.ids());
    computeMajority();
  }

  private void noteConfigurations(long from, long to) {
    boolean changed = false;
    for (long index = from; index <= to; index++) {
      LogEntry entry = log_impl.get(index);
      changed |= entry != null && configurations.appended(index, entry);
    }
    if (changed) {
      adopt();
    }
  }

  @Override
  protected boolean append(long index, LogEntries entries) {
    boolean appended = super.append(index, entries);
    if (appended) {
      long at = index;
      boolean changed = false;
      for (LogEntry entry : entries) {
        changed |= configurations.appended(at++, entry);
      }
      if (changed) {
        adopt();
      }
    }
    return appended;
  }

  @Override
  protected void deleteAllLogEntriesStartingFrom(long index) {
    super.deleteAllLogEntriesStartingFrom(index);
    configurations.cutFrom(index);
    adopt();
  }

  // ---- One lock for all that changes the state

  @Override
  protected void process(List<Request> batch) {
    state.lock();
    try {
      if (!isAdmitted()) {
        return;
      }
      // Messages first and by themselves: one of them may depose this leader, and the library would still append what
      // it
      // had gathered from the same batch, at indexes and in a term that are no longer its own.
      List<Request> messages = new ArrayList<>(batch.size());
      List<Request> proposals = new ArrayList<>(batch.size());
      for (Request request : batch) {
        (request instanceof DownRequest ? proposals : messages).add(request);
      }
      if (!messages.isEmpty()) {
        super.process(messages);
      }
      if (!proposals.isEmpty()) {
        long told = commit_index;
        super.process(proposals);
        announcedCommit = Math.max(announcedCommit, told);
      }
      maintain();
    } catch (RuntimeException | Error e) {
      fail(e);
    } finally {
      state.unlock();
    }
  }

  @Override
  public int currentTerm(long term) {
    state.lock();
    try {
      return super.currentTerm(term);
    } finally {
      state.unlock();
    }
  }

  @Override
  public RAFT setLeaderAndTerm(@Nullable Address leader, long term) {
    state.lock();
    try {
      return super.setLeaderAndTerm(leader, term);
    } finally {
      state.unlock();
    }
  }

  @Override
  public int trySetLeaderAndTerm(@Nullable Address leader, long term) {
    state.lock();
    try {
      return super.trySetLeaderAndTerm(leader, term);
    } finally {
      state.unlock();
    }
  }

  @Override
  public long createNewTerm() {
    state.lock();
    try {
      return super.createNewTerm();
    } finally {
      state.unlock();
    }
  }

  @Override
  public void handleView(View view) {
    state.lock();
    try {
      super.handleView(view);
      fellows.retainAll(view.getMembers());
      if (impl instanceof StrictLeader leader) {
        leader.retain(view.getMembers());
      }
    } finally {
      state.unlock();
    }
    events.leaderMayHaveChanged();
  }

  // ---- Roles

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

  /** A leader may count replicas for entries of its own term only (Raft, section 5.4.2), so it needs one at once. */
  private void commitInOwnTerm() {
    try {
      byte[] nothing = Util.streamableToByteBuffer(new InternalCommand(InternalCommand.Type.noop, ""));
      var _ = setAsync(nothing, 0, nothing.length, true, null);
    } catch (Exception e) {
      fail(e);
    }
  }

  // ---- Messages

  @Override
  public void handleUpRequest(Message message, RaftHeader header) {
    if (!knows(message.src())) {
      return;
    }
    if (header.currTerm() < currentTerm() && header instanceof AppendEntriesRequest) {
      // The library drops it in silence, and a leader that this member has outrun would never learn it.
      answer(message.src(), new AppendResult(AppendResult.Result.FAIL_ENTRY_NOT_FOUND, last_appended));
      return;
    }
    try {
      super.handleUpRequest(message, header);
    } catch (RuntimeException | Error e) {
      // The library would log it and go on with a log or a state that is no longer the group's.
      fail(e);
      throw e;
    }
  }

  @Override
  public void start() throws Exception {
    changeRole(Role.Follower);
    super.start();
  }

  void answer(Address leader, AppendResult result) {
    down_prot
        .down(
            new EmptyMessage(leader)
                .putHeader(id, new AppendEntriesResponse(currentTerm(), result.commitIndex(commit_index))));
  }

  /** Commits by counting only up to an entry of this leader's own term (Raft, figure 8). */
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

  /** How far this follower's log is known to be the leader's. */
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

  // ---- What the roles, which are not its subclasses, need of the library's class

  @Nullable
  LogEntry entryAt(long index) {
    return log_impl.get(index);
  }

  long firstAppended() {
    return log_impl.firstAppended();
  }

  void appendFrom(long index, LogEntries entries) {
    append(index, entries);
  }

  void cutFrom(long index) {
    deleteAllLogEntriesStartingFrom(index);
  }

  void commitTo(long index, boolean answer) {
    commitLogTo(index, answer);
  }

  @Nullable
  RequestTable<String> requests() {
    return request_table;
  }

  /** Sends entries again, as many as fit; returns the index of the last. */
  long send(Address member, long from, long to, long maximumBytes) {
    LogEntries entries = new LogEntries();
    LogEntry previous = log_impl.get(from - 1);
    long bytes = 0;
    for (long index = from; index <= to && bytes < maximumBytes; index++) {
      LogEntry entry = log_impl.get(index);
      if (entry == null) {
        break;
      }
      entries.add(entry);
      bytes += entry.length();
    }
    num_resends++;
    down_prot
        .down(
            new ObjectMessage(member, entries)
                .putHeader(
                    id,
                    new AppendEntriesRequest(
                        local_addr,
                        currentTerm(),
                        from - 1,
                        previous == null ? 0 : previous.term(),
                        entries.size() == 0 ? 0 : entries.iterator().next().term(),
                        commit_index)));
    return from - 1 + entries.size();
  }

  void sendSnapshot(Address member) throws Exception {
    ByteBuffer content = snapshotContent();
    down_prot
        .down(
            new BytesMessage(member, content.array(), content.arrayOffset(), content.remaining())
                .putHeader(
                    id,
                    new InstallSnapshotRequest(currentTerm(), local_addr, commit_index, termAt(commit_index))));
  }

  /** Replaces log and state by what the leader sent. */
  void install(Message message, long index, long term) throws Exception {
    log_impl.setSnapshot(ByteBuffer.wrap(message.getArray(), message.getOffset(), message.getLength()));
    readSnapshot(ByteBuffer.wrap(message.getArray(), message.getOffset(), message.getLength()));
    log_impl.reinitializeTo(index, new LogEntry(term, null));
    commit_index = index;
    last_appended = index;
    decided = configurations.at(index);
    num_snapshot_received++;
    verifiedTo(index);
  }

  // ---- Upkeep of the followers, in the library only done when no request came for a whole interval

  @Override
  protected void sendAppendEntriesMessage(Address member, CommitTable.Entry entry) {
    exclusively(this::maintain);
  }

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
      // Followers that serve reads wait for the commit, so it is told at once; one message for a batch of commits.
      announcedCommit = commit_index;
      leader.heartbeatSent(now);
      down_prot
          .down(
              new ObjectMessage(null, new LogEntries())
                  .putHeader(id, new AppendEntriesRequest(local_addr, currentTerm(), 0, 0, currentTerm(), commit_index))
                  .setFlag(Message.TransientFlag.DONT_LOOPBACK));
    }
  }

  // ---- Applying and snapshots, with the index that the library does not tell

  @Override
  protected void applyCommit(long index, boolean answer) throws Exception {
    if (index <= applier.index()) {
      return;
    }
    LogEntry entry = log_impl.get(index);
    if (entry == null) {
      throw new IllegalStateException("The log lacks the committed entry " + index);
    }
    applier.at(index);
    byte[] outcome = null;
    if (Configuration.isIn(entry)) {
      decided = configurations.at(index);
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
        // A node that skipped an entry, or tried it again and again, would serve a state that no other node has.
        throw new IllegalStateException("Could not apply entry " + index, e);
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
        // The kill came after a leader's snapshot was on disk and before the log was begun anew behind it.
        log_impl.reinitializeTo(snapshotIndex, new LogEntry(snapshotTerm, null));
        last_appended = snapshotIndex;
      }
    }
    // An earlier attempt of this process to join may have applied the log already; applyCommit passes over what was.
    commit_index = Math.max(commit_index, snapshotIndex);
    for (long index = snapshotIndex + 1; index <= commit_index; index++) {
      applyCommit(index, false);
    }
    noteConfigurations(snapshotIndex + 1, log_impl.lastAppended());
    decided = configurations.at(commit_index);
    state_machine_loaded = true;
  }

  @Override
  protected void snapshotIfNeeded(int bytesAdded) {
    curr_log_size += bytesAdded;
    // At least as much log as state, so that the cost of snapshots stays a constant factor of the cost of the log.
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
      ByteBuffer content = snapshotContent();
      snapshotBytes = content.remaining();
      log_impl.setSnapshot(content);
      log_impl.truncate(commit_index);
      num_snapshots++;
      curr_log_size = 0;
    } catch (Exception e) {
      throw new IllegalStateException("Could not take a snapshot", e);
    }
  }

  private ByteBuffer snapshotContent() throws Exception {
    ByteArrayDataOutputStream out = new ByteArrayDataOutputStream(1024, true);
    PersistentState committed = new PersistentState();
    committed.setMembers(configurations.at(commit_index).ids());
    committed.writeTo(out);
    out.writeLong(termAt(commit_index));
    applier.writeContentTo(out);
    return ByteBuffer.wrap(out.buffer(), 0, out.position());
  }

  private void readSnapshot(ByteBuffer snapshot) throws Exception {
    ByteArrayDataInputStream in = new ByteArrayDataInputStream(snapshot);
    PersistentState committed = new PersistentState();
    committed.readFrom(in);
    snapshotTerm = in.readLong();
    applier.readContentFrom(in);
    configurations.begin(applier.restored(), Configuration.of(committed.getMembers()));
    adopt();
  }

  @Override
  public RAFT stateMachine(StateMachine machine) {
    state_machine = machine;
    return this;
  }

  private long termAt(long index) {
    LogEntry entry = log_impl.get(index);
    if (entry == null) {
      throw new IllegalStateException("The log lacks the entry " + index);
    }
    return entry.term();
  }

  private void fail(Throwable cause) {
    if (!failed) {
      failed = true;
      events.failed(cause);
    }
  }
}
