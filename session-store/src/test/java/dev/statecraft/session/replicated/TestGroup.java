package dev.statecraft.session.replicated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.session.SessionStoreContext;
import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.TestContext;
import dev.statecraft.session.attribute.AttributeCodec;
import dev.statecraft.session.replicated.Outcome.Verdict;
import dev.statecraft.session.replicated.consensus.ConsensusNode;
import dev.statecraft.session.replicated.consensus.GroupSettings;
import dev.statecraft.session.replicated.consensus.GroupSettings.StartMode;
import dev.statecraft.session.replicated.consensus.LeaveResult;
import dev.statecraft.session.replicated.raft.RaftFaults;
import dev.statecraft.session.replicated.raft.RaftNode;
import dev.statecraft.signing.KeyRing;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/** Several members in this JVM, on free loopback ports. Members can be killed, wiped and isolated. */
final class TestGroup implements AutoCloseable {
  static final Duration DEADLINE = Duration.ofSeconds(5);
  static final Duration SHORT_DEADLINE = Duration.ofMillis(700);
  /** Long enough for a busy machine; no test waits that long when it passes. */
  static final Duration WAIT_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration POLL_INTERVAL = Duration.ofMillis(10);
  private static final int MAX_JOINERS = 3;

  private final Path directory;
  private final List<InetSocketAddress> spareAddresses = new ArrayList<>();
  private final Map<String, InetSocketAddress> founders = new TreeMap<>();
  /** Nodes that join later, with the member list of each. */
  private final Map<String, Map<String, InetSocketAddress>> joiners = new TreeMap<>();
  private final Map<String, Member> running = new ConcurrentSkipListMap<>();
  private long logBytes = 1 << 20;
  private boolean joinersLeave;
  private StartMode startMode = StartMode.MAY_FOUND;

  /** One running member. */
  record Member(ConsensusNode node, Sessions sessions, CommandProposer proposer, SimpleMeterRegistry meters) {
    String name() {
      return node.name();
    }

    Outcome propose(Command command) {
      return proposer.propose(command);
    }

    /** The same member with another deadline for its proposals. */
    Member withDeadline(Duration deadline) {
      return new Member(node, sessions, new CommandProposer(node, deadline, meters), meters);
    }

    /** Whether the command was acknowledged as applied. */
    boolean tryPropose(Command command) {
      try {
        return propose(command).verdict() == Verdict.DONE;
      } catch (SessionStoreException e) {
        return false;
      }
    }

    @Nullable
    SessionRecord find(String id) {
      return sessions.find(id);
    }

    LastAccessTracker lastAccesses(InstantSource time) {
      return new LastAccessTracker(sessions, proposer, time::millis);
    }

    ReplicatedSessionRepository repository(
        KeyRing keys, AttributeCodec codec, InstantSource time, Reads reads, Duration timeout) {
      return repository(
          keys, codec, time, timeout, new ReplicatedSessionRepository.Settings(reads, DEADLINE), lastAccesses(time));
    }

    ReplicatedSessionRepository repository(
        KeyRing keys, AttributeCodec codec, InstantSource time, Duration timeout,
        ReplicatedSessionRepository.Settings settings, LastAccessTracker lastAccesses) {
      return repository(keys, TestContext.of(timeout, codec, time), settings, lastAccesses);
    }

    ReplicatedSessionRepository repository(KeyRing keys, SessionStoreContext context,
        ReplicatedSessionRepository.Settings settings, LastAccessTracker lastAccesses) {
      return new ReplicatedSessionRepository(
          node, sessions, proposer, lastAccesses, keys, context, settings, meters);
    }
  }

  TestGroup(Path directory, int size) {
    this.directory = directory;
    List<InetSocketAddress> free = freeAddresses(size + MAX_JOINERS);
    for (int i = 1; i <= size; i++) {
      founders.put("m" + i, free.get(i - 1));
    }
    spareAddresses.addAll(free.subList(size, free.size()));
  }

  private static List<InetSocketAddress> freeAddresses(int count) {
    List<ServerSocket> sockets = new ArrayList<>();
    List<InetSocketAddress> free = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        sockets.add(socket);
        free.add(new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort()));
      }
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return free;
  }

  TestGroup logBytes(long bytes) {
    logBytes = bytes;
    return this;
  }

  TestGroup joinersLeave() {
    joinersLeave = true;
    return this;
  }

  TestGroup mayNotFound() {
    startMode = StartMode.MAY_NOT_FOUND;
    return this;
  }

  GroupSettings settings(String name) {
    Map<String, InetSocketAddress> list = joiners.get(name);
    return list == null
        ? new GroupSettings(name, founders, directoryOf(name), false, logBytes, startMode, false)
        : new GroupSettings(name, list, directoryOf(name), false, logBytes, StartMode.JOINS, joinersLeave);
  }

  Path directoryOf(String name) {
    return directory.resolve(name);
  }

  Member start(String name) {
    return start(name, DEADLINE);
  }

  Member start(String name, Duration deadline) {
    Sessions sessions = new Sessions();
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    ConsensusNode node = new RaftNode(settings(name), sessions, new EngineMetrics(meters));
    Member member = new Member(node, sessions, new CommandProposer(node, deadline, meters), meters);
    running.put(name, member);
    node.start();
    return member;
  }

  TestGroup startAll() {
    return startAll(DEADLINE);
  }

  TestGroup startAll(Duration deadline) {
    try {
      founders.keySet().forEach(name -> start(name, deadline));
      awaitLeader();
      return this;
    } catch (RuntimeException | Error failure) {
      close();
      throw failure;
    }
  }

  /** Starts a node that no member lists. It lists the current members and itself. */
  Member join(String name) {
    return join(name, leader().node().status().members());
  }

  Member join(String name, Collection<String> listed) {
    Map<String, InetSocketAddress> list = new TreeMap<>();
    listed.forEach(each -> list.put(each, settings(each).address()));
    list.put(name, spareAddresses.removeFirst());
    joiners.put(name, list);
    return start(name);
  }

  /** Removes a member from the group and stops it. */
  void leave(Member member) {
    try {
      assertThat(member.node().leave(WAIT_TIMEOUT)).isEqualTo(new LeaveResult.Done());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    stop(member);
  }

  void stop(Member member) {
    running.remove(member.name());
    member.node().close();
  }

  void kill(Member member) {
    running.remove(member.name());
    RaftFaults.kill(member.node());
  }

  /** Kills a member and deletes its disk. */
  void wipe(Member member) {
    kill(member);
    try {
      FileSystemUtils.deleteRecursively(directoryOf(member.name()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Collection<Member> running() {
    return List.copyOf(running.values());
  }

  Member get(String name) {
    Member member = running.get(name);
    if (member == null) {
      throw new IllegalArgumentException(name);
    }
    return member;
  }

  /** The leader; waits until there is one. */
  Member leader() {
    return first(member -> member.node().leads());
  }

  /** A member that does not lead; waits until there is a leader. */
  Member follower() {
    Member leader = leader();
    return first(member -> !member.equals(leader));
  }

  private Member first(Predicate<Member> wanted) {
    return Awaitility.await().pollInterval(POLL_INTERVAL).atMost(WAIT_TIMEOUT)
        .until(() -> running.values().stream().filter(wanted).findFirst(), Optional::isPresent).orElseThrow();
  }

  /** Waits until all running members agree on a running leader. */
  void awaitLeader() {
    await(() -> {
      Collection<Member> all = running.values();
      return all.stream().map(member -> member.node().status().leader()).distinct().count() == 1
          && all.stream().filter(member -> member.node().leads()).count() == 1
          && all.stream().allMatch(member -> member.node().unavailableReason().isEmpty());
    });
  }

  /** Waits until the member cannot take part, for a reason that contains all the given texts. */
  static void awaitUnavailable(Member member, String... texts) {
    Awaitility.await().pollInterval(POLL_INTERVAL).atMost(WAIT_TIMEOUT).untilAsserted(
        () -> assertThat(member.node().unavailableReason())
            .hasValueSatisfying(reason -> assertThat(reason).contains(texts)));
  }

  /** Waits until all running members have applied the same entries. */
  void awaitSameIndex() {
    await(() -> running.values().stream().map(member -> member.node().appliedIndex()).distinct().count() == 1);
  }

  /** Waits for a condition for up to {@link #WAIT_TIMEOUT}. */
  static void await(Callable<Boolean> condition) {
    Awaitility.await().pollInterval(POLL_INTERVAL).atMost(WAIT_TIMEOUT).until(condition);
  }

  @Override
  public void close() {
    running.values().forEach(member -> member.node().close());
  }
}
