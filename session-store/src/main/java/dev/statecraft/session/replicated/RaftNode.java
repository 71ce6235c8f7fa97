package dev.statecraft.session.replicated;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.Receiver;
import org.jgroups.View;
import org.jgroups.protocols.MsgStats;
import org.jgroups.raft.util.Utils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One member of the group: its disk, its place in the view, and the way to have a command put into the log.
 * Thread-safe. {@link #start} returns at once; the member joins in the background, and goes on trying.
 */
final class RaftNode implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RaftNode.class);
  private static final String CLUSTER = "statecraft-sessions";
  private static final int ANNOUNCE = 1;
  private static final int PROPOSE = 2;
  private static final int ANSWER = 3;
  private static final int LEAVE = 4;
  private static final long TICK_MILLIS = 100;
  private static final long REJOIN_MILLIS = 300;
  /** An election and a change of another member; whoever ends a process waits for it. */
  private static final Duration LEAVING_MAY_TAKE = Duration.ofSeconds(5);

  private final GroupSettings settings;
  private final Sessions sessions = new Sessions();
  private final AppliedIndex applied = new AppliedIndex();
  private final Leadership leadership = new Leadership();
  private final Forwarding forwarding = new Forwarding();
  private final Map<String, Founding.News> heard = new ConcurrentHashMap<>();
  private final CompletableFuture<Void> admitted = new CompletableFuture<>();
  /** Those in the view that have asked to be taken out, so that nobody takes them in again before they are gone. */
  private final Set<Address> leavers = ConcurrentHashMap.newKeySet();
  private final CountDownLatch left = new CountDownLatch(1);
  private final ScheduledThreadPoolExecutor ticks = new ScheduledThreadPoolExecutor(
      1,
      Thread.ofPlatform().daemon().name("raft-ticks").factory());
  private final MemberDisk disk;
  private volatile @Nullable Connection connection;
  private volatile @Nullable String refusal;
  private volatile @Nullable String waits;
  private volatile @Nullable String group;
  private volatile boolean leaves;
  private volatile boolean out;
  private volatile boolean closed;

  /** One try at being in the group. */
  private record Connection(JChannel channel, MemberId id, StrictRaft raft, StrictElection election) {}

  /**
   * Opens the member's disk.
   *
   * @throws RefusedException where it cannot be this member's disk
   */
  RaftNode(GroupSettings settings) {
    this.settings = settings;
    disk = MemberDisk.open(settings.directory(), settings.name());
    ticks.setRemoveOnCancelPolicy(true);
  }

  void start() {
    Thread.ofVirtual().name("raft-join").start(this::join);
    var _ = ticks.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /**
   * Waits until it is known whether this member may take part, at most so long.
   *
   * @return whether it is known
   * @throws RefusedException where it may not
   */
  boolean awaitAdmission(Duration atMost) throws InterruptedException {
    try {
      admitted.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RefusedException refused ? refused : new IllegalStateException(e);
    }
  }

  Sessions sessions() {
    return sessions;
  }

  AppliedIndex applied() {
    return applied;
  }

  Leadership leadership() {
    return leadership;
  }

  String name() {
    return settings.name();
  }

  Optional<String> leaderName() {
    return Optional.ofNullable(leadership.now().leader()).map(RaftNode::idOf).map(id -> MemberId.parse(id).name());
  }

  /**
   * Names the group that this member belongs to, another one each time that one is founded; empty before. Indexes of
   * different groups have nothing to do with each other.
   */
  Optional<String> group() {
    String known = group;
    if (known == null && disk.identity().founded()) {
      known = UUID
          .nameUUIDFromBytes(disk.identity().roster().toString().getBytes(StandardCharsets.UTF_8))
          .toString();
      group = known;
    }
    return Optional.ofNullable(known);
  }

  boolean leads() {
    Connection now = connection;
    return now != null && Objects.equals(leadership.now().leader(), now.channel().getAddress());
  }

  long term() {
    Connection now = connection;
    return now == null ? 0 : now.raft().currentTerm();
  }

  /** Who decides in the group, as far as this member knows; before it is founded, all that are configured. */
  SortedSet<String> members() {
    Connection now = connection;
    SortedSet<String> names = now == null ? new TreeSet<>() : now.raft().configuration().names();
    return names.isEmpty() ? new TreeSet<>(settings.members().keySet()) : names;
  }

  /** How many members of the group are in this member's view. */
  long membersInView() {
    Connection now = connection;
    if (now == null) {
      return 0;
    }
    Configuration configuration = now.raft().configuration();
    return idsInView(now).stream()
        .filter(id -> configuration.equals(Configuration.NOBODY)
            ? settings.members().containsKey(MemberId.parse(id).name())
            : configuration.contains(id))
        .count();
  }

  /** Why this member takes no part in the group, if so. */
  Optional<String> whyNotTakingPart() {
    Optional<String> forGood = whyOut();
    if (forGood.isPresent()) {
      return forGood;
    }
    Connection now = connection;
    if (!admitted.isDone() || now == null) {
      String why = waits;
      if (settings.part() == Founding.Part.JOINS) {
        return Optional.of(why != null ? why : "it comes to a group that others have founded");
      }
      return Optional.of(
          why != null
              ? Standing.unfounded(why)
              : Standing.unfounded(settings.members().keySet(), heard.keySet()));
    }
    return new Standing(
        now.id(), now.raft().configuration(), now.raft().decided(), membersInView(), leadership.now().leader() != null,
        Stream.concat(heard.values().stream().map(Founding.News::identity), Stream.of(disk.identity())).toList())
        .whyNotTakingPart();
  }

  /** Why this member takes no part, and will not until its process is started anew, if so. */
  Optional<String> whyOut() {
    String refused = refusal;
    if (refused != null) {
      return Optional.of("refused: " + refused);
    }
    return out
        ? Optional.of("it has left the group, and is taken in again when it is started anew")
        : Optional.empty();
  }

  /** Where this member stands in its group, as it knows. */
  Membership membership() {
    Connection now = connection;
    Configuration decided = now == null ? Configuration.NOBODY : now.raft().decided();
    return new Membership(
        name(), group().orElse(null), leaderName().orElse(null), List.copyOf(decided.names()),
        !out && now != null && decided.contains(now.id().toString()), leaves,
        now != null && !decided.equals(now.raft().configuration()));
  }

  /**
   * Has this member taken out of its group, and waits until that is committed, at most so long. Then it takes no part
   * any more, and does not ask to be taken in again until its process is started anew.
   */
  Departure leave(Duration atMost) throws InterruptedException {
    Connection now = connection;
    if (now == null || !admitted.isDone() || refusal != null) {
      return new Departure.Refused("it belongs to no group");
    }
    String id = now.id().toString();
    Configuration before = now.raft().configuration();
    if (!leaves && !before.contains(id) && !now.raft().decided().contains(id)) {
      return new Departure.Refused("it is no member of its group");
    }
    Optional<String> objection = before.contains(id)
        ? Reshaping.objection(id, before, idsInView(now))
        : Optional.empty();
    if (objection.isPresent()) {
      return new Departure.Refused(objection.get());
    }
    leaves = true;
    long end = System.nanoTime() + atMost.toNanos();
    do {
      if (!out) {
        askToLeave(now);
      }
      // Whoever leads may be another one next time, or busy with another change now: it is asked again.
      if (left.await(TICK_MILLIS, TimeUnit.MILLISECONDS)) {
        return new Departure.Done();
      }
    } while (System.nanoTime() - end < 0);
    return new Departure.Unknown(
        leadership.now().leader() == null
            ? "the group has no leader"
            : "it was not committed in time: another change is under way, or a majority does not answer");
  }

  /**
   * Sends a proposal to whoever leads. The future fails at once when the leader is lost; then the proposal may or may
   * not be carried out. Whoever stops waiting cancels it.
   */
  CompletableFuture<byte[]> propose(byte[] proposal) {
    Connection now = connection;
    Address leader = leadership.now().leader();
    if (now == null || leader == null) {
      return CompletableFuture.failedFuture(new Forwarding.LostException("There is no leader"));
    }
    try {
      if (leader.equals(now.channel().getAddress())) {
        return now.raft().setAsync(proposal, 0, proposal.length, null);
      }
      CompletableFuture<byte[]> answer = forwarding
          .to(leader, PROPOSE, proposal, message -> now.channel().send(new BytesMessage(leader, message)));
      if (!leader.equals(leadership.now().leader())) {
        // It was lost before it could be told to give up on this one.
        forwarding.onlyTo(leadership.now().leader());
      }
      return answer;
    } catch (IllegalStateException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /**
   * Closes its connection in order, so that the others go on without waiting for a time-out; before, where it is to
   * leave the group at its end, it waits for that, some seconds at most.
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    if (settings.leaves()) {
      leaveAtTheEnd();
    }
    closed = true;
    ticks.shutdownNow();
    Connection now = connection;
    if (now != null) {
      now.channel().close();
    }
    leadership.is(null);
    forwarding.onlyTo(null);
    closeDisk();
  }

  private void leaveAtTheEnd() {
    try {
      switch (leave(LEAVING_MAY_TAKE)) {
        case Departure.Done() -> { // said so itself
        }
        case Departure.Refused(String reason) -> LOG.warn("{} does not leave its group: {}", settings.name(), reason);
        case Departure.Unknown(String reason) ->
          LOG.warn("{} may still be a member of its group: {}", settings.name(), reason);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Nullable
  JChannel channel() {
    Connection now = connection;
    return now == null ? null : now.channel();
  }

  /** What this node has sent to the others since it was connected, heartbeats included; nothing before. */
  Traffic sent() {
    Connection now = connection;
    if (now == null) {
      return new Traffic(0, 0);
    }
    MsgStats stats = now.channel().getProtocolStack().getTransport().getMessageStats();
    return new Traffic(stats.getNumMsgsSent(), stats.getNumBytesSent());
  }

  /** Messages between nodes, and the bytes of their payloads, headers left out. */
  record Traffic(long messages, long bytes) {}

  @Nullable
  StrictRaft raft() {
    Connection now = connection;
    return now == null ? null : now.raft();
  }

  private void join() {
    while (!closed && refusal == null) {
      try {
        connect();
        return;
      } catch (RefusedException e) {
        refuse(e.reason());
      } catch (Exception e) {
        // Most often the group still has the member's former self in its view; it will soon be gone.
        LOG.info("{} could not join yet: {}", settings.name(), e.toString());
        pause(REJOIN_MILLIS);
      }
    }
  }

  private void connect() throws Exception {
    DurableLog log = disk.openLog(settings.synchronous());
    StrictRaft raft = new StrictRaft(new LogApplier(sessions, applied), new RaftEvents());
    raft.log(log);
    StrictElection election = new StrictElection(raft, GroupStack.VOTE_MILLIS);
    MemberId id = disk.identity().id();
    if (disk.identity().founded()) {
      raft.admit(Configuration.of(disk.identity().roster()));
    }
    JChannel channel = GroupStack.build(settings, id, raft, election);
    Connection trial = new Connection(channel, id, raft, election);
    channel.setReceiver(new Inbox());
    connection = trial;
    try {
      channel.connect(CLUSTER);
    } catch (Exception e) {
      connection = null;
      channel.close();
      log.close();
      throw e;
    }
    if (closed) {
      channel.close();
    }
    if (disk.identity().founded()) {
      admitted.complete(null);
    }
  }

  private void tick() {
    Connection now = connection;
    if (now == null || closed || refusal != null) {
      return;
    }
    try {
      if (out) {
        return;
      }
      if (admitted.isDone()) {
        now.election().lookAfterLeader();
        String id = now.id().toString();
        boolean counts = now.raft().configuration().contains(id);
        if (leaves && !counts && !now.raft().decided().contains(id)) {
          depart(now);
          return;
        }
        if ((!counts && !leaves) || seesStrangers(now)) {
          announce(null);
        }
        reshape(now);
      } else {
        consider();
        announce(null);
      }
      noteLeader();
    } catch (Exception e) {
      LOG.warn("{}: {}", settings.name(), e.toString());
    }
  }

  private void announce(@Nullable Address to) throws Exception {
    Connection now = connection;
    if (now != null && now.channel().isConnected()) {
      byte[] message = new WireWriter().octet(ANNOUNCE).bytes(disk.identity().toBytes())
          .bytes(now.raft().configuration().toEntry()).toArray();
      now.channel().send(new BytesMessage(to, message));
    }
  }

  /** Takes the next step towards being a member; the identity is on disk before anybody hears of it. */
  private synchronized void consider() throws Exception {
    Connection now = connection;
    if (now == null || refusal != null || admitted.isDone()) {
      return;
    }
    waits = null;
    switch (Founding.step(disk.identity(), settings.members().keySet(), Map.copyOf(heard), settings.part())) {
      case Founding.Step.Refused(String reason) -> refuse(reason);
      case Founding.Step.Waits(String reason) -> waits = reason;
      case Founding.Step.Next(Identity next) -> {
        if (next.equals(disk.identity())) {
          return;
        }
        disk.remember(next);
        if (next.founded()) {
          now.raft().admit(Configuration.of(next.roster()));
          sayHowItBelongs(next);
          now.election().admitted();
          admitted.complete(null);
        } else {
          consider();
        }
        announce(null);
      }
    }
  }

  private void sayHowItBelongs(Identity identity) {
    if (identity.incarnation().equals(identity.roster().get(identity.name()))) {
      LOG.warn(
          "{} has founded a group with {}, with nothing in it. If they had one before, all that it held is lost",
          identity.name(), identity.roster().keySet());
    } else {
      LOG.warn(
          "{} comes with an empty disk to a group that is founded already, and waits to be taken in as a new member",
          identity.name());
    }
  }

  /** Where this member leads: takes in who has come with a disk of its own, in place of the member that lost it. */
  private void reshape(Connection now) {
    if (!leads()) {
      return;
    }
    Set<String> present = idsInView(now);
    Set<String> leaving = leavers.stream().map(RaftNode::idOf).collect(Collectors.toSet());
    Configuration before = now.raft().configuration();
    List<String> newcomers = heard.values().stream()
        .map(Founding.News::identity)
        .filter(other -> other.founded() && other.roster().equals(disk.identity().roster()))
        .map(other -> other.id().toString())
        .filter(id -> present.contains(id) && !leaving.contains(id))
        .filter(id -> !before.contains(id) && now.raft().hasCaughtUp(id))
        .toList();
    if (!newcomers.isEmpty()) {
      now.raft().reshape(current -> Reshaping.next(current, present, newcomers))
          .ifPresent(next -> {
            LOG.info("{} leads, and the members are now {}, before {}", settings.name(), next.ids(), before.ids());
            if (settings.part() == Founding.Part.MAY_FOUND
                && !disk.identity().roster().keySet().containsAll(next.names())) {
              LOG.warn(
                  "The group has grown. So that those who founded it do not found another one if all of them lose their"
                      + " disks, let them have statecraft.session.replicated.found=false");
            }
          });
    }
  }

  /** Whether there is somebody of whom it is not known to which group it belongs; who is told so answers. */
  private static boolean seesStrangers(Connection now) {
    View view = now.channel().getView();
    return view != null && view.getMembers().stream()
        .anyMatch(other -> !other.equals(now.channel().getAddress()) && !now.raft().knows(other));
  }

  private void askToLeave(Connection now) {
    try {
      // To all: also whoever leads next must not take it in again.
      now.channel().send(new BytesMessage(null, new WireWriter().octet(LEAVE).toArray()));
    } catch (Exception e) {
      LOG.info("{} could not ask to leave yet: {}", settings.name(), e.toString());
    }
    takeOut(now, now.id().toString());
  }

  /**
   * Where this member leads. One that takes itself out leads on, uncounted, until that is committed (Ongaro, 4.2.2).
   */
  private void takeOut(Connection now, String id) {
    if (leads()) {
      Configuration before = now.raft().configuration();
      Set<String> present = idsInView(now);
      now.raft().reshape(current -> Reshaping.without(id, current, present))
          .ifPresent(next -> LOG.info("{} leads, and the members are now {}, before {}: {} leaves", settings.name(),
              next.ids(), before.ids(), id));
    }
  }

  private void depart(Connection now) {
    out = true;
    LOG.warn("{} has left its group, and takes no part until it is started anew", settings.name());
    now.raft().retire();
    leadership.is(null);
    forwarding.onlyTo(null);
    Thread.ofVirtual().name("raft-leave").start(() -> {
      now.channel().close();
      left.countDown();
    });
  }

  private static Set<String> idsInView(Connection now) {
    View view = now.channel().getView();
    return view == null ? Set.of() : view.getMembers().stream().map(RaftNode::idOf).collect(Collectors.toSet());
  }

  private static String idOf(Address address) {
    return Utils.extractRaftId(address);
  }

  private void refuse(String reason) {
    refusal = reason;
    LOG.error("{} takes no part in its group: {}", settings.name(), reason);
    admitted.completeExceptionally(new RefusedException(reason));
    leadership.is(null);
    forwarding.onlyTo(null);
    // Not on the thread that brought the news, which is one of the channel's own.
    Thread.ofVirtual().start(() -> {
      Connection now = connection;
      if (now != null) {
        now.channel().close();
      }
    });
  }

  private void noteLeader() {
    Connection now = connection;
    if (now == null) {
      return;
    }
    Address leader = now.raft().leader();
    View view = now.channel().getView();
    Address effective = !out && leader != null && view != null && view.containsMember(leader) ? leader : null;
    if (leadership.is(effective)) {
      forwarding.onlyTo(effective);
    }
  }

  private void closeDisk() {
    try {
      disk.close();
    } catch (IOException e) {
      LOG.warn("{}: {}", settings.name(), e.toString());
    }
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
      noteLeader();
    }

    @Override
    public void failed(Throwable cause) {
      LOG.error("{} cannot go on", settings.name(), cause);
      refuse("it cannot go on: " + cause);
    }
  }

  private final class Inbox implements Receiver {
    @Override
    public void receive(Message message) {
      Connection now = connection;
      if (now == null || message.getSrc().equals(now.channel().getAddress())) {
        return;
      }
      WireReader in = new WireReader(message.getArray(), message.getOffset(), message.getLength());
      try {
        switch (in.octet()) {
          case ANNOUNCE -> {
            Identity other = Identity.ofBytes(in.bytes());
            heardFrom(now, other, Configuration.ofBytes(in.bytes()), message);
          }
          case PROPOSE -> {
            long number = in.number();
            carryOut(now, number, in.bytes(), message.getSrc());
          }
          case ANSWER -> forwarding.answered(in);
          case LEAVE -> {
            leavers.add(message.getSrc());
            takeOut(now, idOf(message.getSrc()));
          }
          default -> LOG.warn("{} cannot read a message of {}", settings.name(), message.getSrc());
        }
      } catch (Exception e) {
        LOG.warn("{} cannot use a message of {}: {}", settings.name(), message.getSrc(), e.toString());
      }
    }

    @Override
    public void viewAccepted(View view) {
      leavers.retainAll(view.getMembers());
      noteLeader();
    }

    private void heardFrom(Connection now, Identity other, Configuration theirs, Message message) throws Exception {
      heard.put(other.name(), new Founding.News(other, theirs.names()));
      consider();
      Identity own = disk.identity();
      if (!own.founded()) {
        return;
      }
      if (other.founded() && other.roster().equals(own.roster())) {
        now.raft().meet(message.getSrc());
      }
      // It may not have heard yet, or come with an empty disk, or been away, and must know whom it hears. What is told
      // to
      // one member alone is an answer already.
      if (message.getDest() == null && !theirs.contains(now.id().toString())) {
        announce(message.getSrc());
      }
    }

    private void carryOut(Connection now, long number, byte[] proposal, Address source) {
      CompletableFuture<byte[]> outcome;
      try {
        outcome = now.raft().setAsync(proposal, 0, proposal.length, null);
      } catch (IllegalStateException notLeading) {
        outcome = CompletableFuture.failedFuture(notLeading);
      }
      var _ = outcome.whenComplete((bytes, failure) -> {
        try {
          now.channel()
              .send(new BytesMessage(source, Forwarding.answer(ANSWER, number, failure == null ? bytes : null)));
        } catch (Exception e) {
          LOG.debug("{} could not answer {}: {}", settings.name(), source, e.toString());
        }
      });
    }
  }
}
