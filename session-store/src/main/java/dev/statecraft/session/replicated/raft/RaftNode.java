package dev.statecraft.session.replicated.raft;

import dev.statecraft.session.replicated.consensus.ConsensusNode;
import dev.statecraft.session.replicated.consensus.DiskTimings;
import dev.statecraft.session.replicated.consensus.GroupSettings;
import dev.statecraft.session.replicated.consensus.LeaderState;
import dev.statecraft.session.replicated.consensus.LeaveResult;
import dev.statecraft.session.replicated.consensus.MemberRejectedException;
import dev.statecraft.session.replicated.consensus.Membership;
import dev.statecraft.session.replicated.consensus.NodeStatus;
import dev.statecraft.session.replicated.consensus.StateMachine;
import dev.statecraft.session.replicated.raft.membership.Configuration;
import dev.statecraft.session.replicated.raft.membership.MemberId;
import dev.statecraft.session.replicated.raft.membership.Standing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jgroups.Address;
import org.jgroups.JChannel;
import org.jgroups.View;
import org.jgroups.protocols.MsgStats;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One member of a Raft group: its disk, its connection to the other nodes, and the way of a command into the log.
 * Thread-safe.
 */
public final class RaftNode implements ConsensusNode {
  private static final Logger log = LoggerFactory.getLogger(RaftNode.class);
  private static final String CLUSTER = "statecraft-sessions";
  private static final long TICK_MILLIS = 100;
  private static final long RECONNECT_MILLIS = 300;
  /** Time for an election and for another membership change, while the process waits to end. */
  private static final Duration LEAVE_TIMEOUT = Duration.ofSeconds(5);

  private final GroupSettings settings;
  private final StateMachine machine;
  private final DiskTimings timings;
  private final MemberDisk disk;
  private final AppliedIndex applied = new AppliedIndex();
  private final Forwarding forwarding = new Forwarding();
  private final Leadership leadership = new Leadership(forwarding);
  private final Admission admission;
  private final MembershipChanges changes;
  private final GroupMessages messages;
  private final ScheduledThreadPoolExecutor ticks = new ScheduledThreadPoolExecutor(
      1,
      Thread.ofPlatform().daemon().name("raft-ticks").factory());
  private volatile @Nullable Connection connection;
  private volatile @Nullable String group;
  private volatile boolean closed;

  /**
   * Opens the member's disk.
   *
   * @throws MemberRejectedException if the directory cannot be this member's
   */
  public RaftNode(GroupSettings settings, StateMachine machine, DiskTimings timings) {
    this.settings = settings;
    this.machine = machine;
    this.timings = timings;
    disk = MemberDisk.open(settings.directory(), settings.name());
    admission = new Admission(settings, disk, this::disconnect);
    changes = new MembershipChanges(settings, disk, admission, leadership);
    messages = new GroupMessages(disk, admission, changes, forwarding, () -> connection, this::updateLeader);
    ticks.setRemoveOnCancelPolicy(true);
  }

  @Override
  public String name() {
    return settings.name();
  }

  @Override
  public void start() {
    Thread.ofVirtual().name("raft-join").start(this::join);
    var _ = ticks.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public boolean awaitAdmission(Duration timeout) throws InterruptedException {
    return admission.await(timeout);
  }

  @Override
  public CompletableFuture<byte[]> propose(byte[] command) {
    Connection now = connection;
    Address leader = leadership.now().leader();
    if (now == null || leader == null) {
      return CompletableFuture.failedFuture(new Forwarding.LostException("The group has no leader"));
    }
    try {
      if (leader.equals(now.address())) {
        return now.raft().setAsync(command, 0, command.length, null);
      }
      CompletableFuture<byte[]> answer = messages.propose(now, leader, command);
      if (!leader.equals(leadership.now().leader())) {
        // The leader was lost before this proposal was registered, so nothing has failed it yet.
        forwarding.onlyTo(leadership.now().leader());
      }
      return answer;
    } catch (IllegalStateException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  @Override
  public LeaderState leader() {
    Leadership.State now = leadership.now();
    return new LeaderState(now.leader() != null, now.over());
  }

  @Override
  public boolean leads() {
    Connection now = connection;
    return now != null && leadership.isLedBy(now.address());
  }

  @Override
  public long appliedIndex() {
    return applied.value();
  }

  @Override
  public boolean awaitApplied(long index, Duration timeout) {
    return applied.await(index, timeout);
  }

  @Override
  public Optional<String> group() {
    String known = group;
    if (known == null && disk.identity().founded()) {
      known = UUID
          .nameUUIDFromBytes(disk.identity().roster().toString().getBytes(StandardCharsets.UTF_8))
          .toString();
      group = known;
    }
    return Optional.ofNullable(known);
  }

  @Override
  public Optional<String> unavailableReason() {
    Optional<String> excluded = excludedReason();
    if (excluded.isPresent()) {
      return excluded;
    }
    Connection now = connection;
    if (!admission.isDone() || now == null) {
      return Optional.of(admission.waitReason());
    }
    return new Standing(
        now.id(), now.raft().configuration(), now.raft().committedConfiguration(), membersInView(),
        leadership.now().leader() != null,
        Stream.concat(admission.others().stream(), Stream.of(disk.identity())).toList())
        .unavailableReason();
  }

  @Override
  public Optional<String> excludedReason() {
    return admission.rejection()
        .map(reason -> "rejected: " + reason)
        .or(
            () -> changes.hasLeft()
                ? Optional.of("this node has left the group; restart its process to join again")
                : Optional.empty());
  }

  @Override
  public NodeStatus status() {
    Connection now = connection;
    if (now == null) {
      return new NodeStatus(leaderName(), 0, configuredNames(), 0, 0, 0, 0);
    }
    SortedSet<String> members = now.raft().configuration().names();
    MsgStats sent = now.channel().getProtocolStack().getTransport().getMessageStats();
    return new NodeStatus(
        leaderName(), now.raft().currentTerm(), members.isEmpty() ? configuredNames() : members,
        membersInView(), now.raft().commitIndex(), sent.getNumMsgsSent(), sent.getNumBytesSent());
  }

  @Override
  public Map<String, Long> followerLags() {
    Connection now = connection;
    return now == null || closed ? Map.of() : now.raft().followerLags();
  }

  @Override
  public Membership membership() {
    Connection now = connection;
    Configuration committed = now == null ? Configuration.NOBODY : now.raft().committedConfiguration();
    return new Membership(
        name(), group().orElse(null), leaderName().orElse(null), List.copyOf(committed.names()),
        !changes.hasLeft() && now != null && committed.contains(now.id().toString()), changes.isLeaving(),
        now != null && !committed.equals(now.raft().configuration()));
  }

  @Override
  public LeaveResult leave(Duration timeout) throws InterruptedException {
    return changes.leave(connection, timeout);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    if (settings.leaveOnClose()) {
      leaveBeforeClose();
    }
    closed = true;
    ticks.shutdownNow();
    Connection now = connection;
    if (now != null) {
      now.channel().close();
    }
    leadership.set(null);
    try {
      disk.close();
    } catch (IOException e) {
      log.warn("Member {} could not release its directory {}: {}", name(), settings.directory(), e.toString());
    }
  }

  /** The connection to the group; null before the first. */
  @Nullable
  Connection connection() {
    return connection;
  }

  /** Number of members of the group in this member's view; before the group is founded, of configured nodes. */
  long membersInView() {
    Connection now = connection;
    if (now == null) {
      return 0;
    }
    Configuration configuration = now.raft().configuration();
    return now.idsInView().stream()
        .filter(id -> configuration.equals(Configuration.NOBODY)
            ? settings.members().containsKey(MemberId.parse(id).name())
            : configuration.contains(id))
        .count();
  }

  private Optional<String> leaderName() {
    return Optional.ofNullable(leadership.now().leader()).map(Connection::idOf).map(id -> MemberId.parse(id).name());
  }

  private SortedSet<String> configuredNames() {
    return new TreeSet<>(settings.members().keySet());
  }

  private void leaveBeforeClose() {
    try {
      switch (changes.leave(connection, LEAVE_TIMEOUT)) {
        case LeaveResult.Done() -> { // logged already
        }
        case LeaveResult.Refused(String reason) -> log.warn("Member {} does not leave its group: {}", name(), reason);
        case LeaveResult.Unknown(String reason) ->
          log.warn("Member {} may still be a member of its group: {}", name(), reason);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void join() {
    while (!closed && admission.rejection().isEmpty()) {
      try {
        connect();
        return;
      } catch (MemberRejectedException e) {
        admission.reject(e.reason());
      } catch (Exception e) {
        // Usually the group still has this member's previous process in its view, for a moment.
        log.info("Member {} could not connect, next attempt in {} ms: {}", name(), RECONNECT_MILLIS, e.toString());
        pause(RECONNECT_MILLIS);
      }
    }
  }

  private void connect() throws Exception {
    DurableLog durableLog = disk.openLog(settings.synchronous(), timings);
    StrictRaft raft = new StrictRaft(new LogApplier(machine, applied), new RaftEvents());
    raft.log(durableLog);
    StrictElection election = new StrictElection(raft, GroupStack.VOTE_MILLIS);
    MemberId id = disk.identity().id();
    if (disk.identity().founded()) {
      raft.activate(Configuration.of(disk.identity().roster()));
    }
    JChannel channel = GroupStack.build(settings, id, raft, election);
    channel.setReceiver(messages);
    connection = new Connection(channel, id, raft, election);
    try {
      channel.connect(CLUSTER);
    } catch (Exception e) {
      connection = null;
      channel.close();
      durableLog.close();
      throw e;
    }
    if (closed) {
      channel.close();
    }
    if (disk.identity().founded()) {
      admission.complete();
    }
  }

  private void tick() {
    Connection now = connection;
    if (now == null || closed || admission.rejection().isPresent() || changes.hasLeft()) {
      return;
    }
    try {
      if (admission.isDone()) {
        now.election().checkLeader();
        if (changes.completeLeave(now)) {
          return;
        }
        boolean counts = now.raft().configuration().contains(now.id().toString());
        if ((!counts && !changes.isLeaving()) || now.seesUnknownNodes()) {
          messages.announce(now, null);
        }
        changes.addNewcomers(now);
      } else {
        admission.advance(now);
        messages.announce(now, null);
      }
      updateLeader();
    } catch (Exception e) {
      log.warn("Periodic check of member {} failed, next one in {} ms: {}", name(), TICK_MILLIS, e.toString());
    }
  }

  private void disconnect() {
    leadership.set(null);
    // On another thread: this one may belong to the channel.
    Thread.ofVirtual().start(() -> {
      Connection now = connection;
      if (now != null) {
        now.channel().close();
      }
    });
  }

  private void updateLeader() {
    Connection now = connection;
    if (now == null) {
      return;
    }
    Address leader = now.raft().leader();
    View view = now.channel().getView();
    boolean reachable = !changes.hasLeft() && leader != null && view != null && view.containsMember(leader);
    leadership.set(reachable ? leader : null);
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private final class RaftEvents implements StrictRaft.Events {
    @Override
    public void leaderMayHaveChanged() {
      updateLeader();
    }

    @Override
    public void snapshotTaken(Duration time) {
      timings.snapshotTaken(time);
    }

    @Override
    public void failed(Throwable cause) {
      log.error("Log or state machine of member {} failed", name(), cause);
      admission.reject("its log or state machine failed: " + cause);
    }
  }
}
