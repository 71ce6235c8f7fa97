package dev.statecraft.session.replicated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.statecraft.session.AttributeCodec;
import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.replicated.Outcome.Verdict;
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
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jgroups.JChannel;
import org.jgroups.protocols.DISCARD;
import org.jgroups.protocols.TP;
import org.jgroups.stack.ProtocolStack;
import org.jgroups.util.Util;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/**
 * Several members in this JVM, on free ports of the loopback, with links that can be cut and members that can be
 * killed.
 */
final class TestGroup implements AutoCloseable {
  static final Duration DEADLINE = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final int MOST_JOINERS = 3;

  private final Path directory;
  private final List<InetSocketAddress> spare = new ArrayList<>();
  private final Map<String, InetSocketAddress> addresses = new TreeMap<>();
  private final Map<String, Member> members = new ConcurrentSkipListMap<>();
  private long logBytes = 1 << 20;
  private boolean synchronous;
  private boolean joinersLeave;
  private boolean mayFound = true;
  /** Those that come later, with the list that each has. */
  private final Map<String, Map<String, InetSocketAddress>> joiners = new TreeMap<>();

  /** One running member. */
  record Member(RaftNode node, Proposals proposals, SimpleMeterRegistry meters) {
    Outcome carryOut(Command command) {
      return proposals.carryOut(command);
    }

    /** What an acknowledged write shows: applied, or not known. */
    boolean tries(Command command) {
      try {
        return carryOut(command).verdict() == Verdict.DONE;
      } catch (SessionStoreException e) {
        return false;
      }
    }

    String name() {
      return node.name();
    }

    ReplicatedSessionRepository repository(
        KeyRing keys, AttributeCodec codec, InstantSource time, Reads reads, Duration timeout) {
      return new ReplicatedSessionRepository(
          node,
          proposals,
          new Touches(node.sessions(), proposals, time::millis),
          keys,
          codec,
          time,
          new ReplicatedSessionRepository.Settings(reads, timeout, DEADLINE),
          meters);
    }

    @Nullable
    SessionRecord find(String id) {
      return node.sessions().find(id);
    }

    JChannel channel() {
      JChannel channel = node.channel();
      if (channel == null) {
        throw new IllegalStateException("not connected");
      }
      return channel;
    }
  }

  TestGroup(Path directory, int size) {
    this.directory = directory;
    List<InetSocketAddress> free = freeAddresses(size + MOST_JOINERS);
    for (int i = 1; i <= size; i++) {
      addresses.put("m" + i, free.get(i - 1));
    }
    spare.addAll(free.subList(size, free.size()));
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

  /** Starts one more, which is in nobody's list; in its own are those that are members now, and itself. */
  Member join(String name) {
    return join(name, leader().node().members());
  }

  Member join(String name, Collection<String> present) {
    Map<String, InetSocketAddress> list = new TreeMap<>();
    present.forEach(each -> list.put(each, settings(each).address()));
    list.put(name, spare.removeFirst());
    joiners.put(name, list);
    return start(name);
  }

  /** Has it leave, and ends it. */
  void leave(Member member) {
    try {
      assertThat(member.node().leave(PATIENCE)).isEqualTo(new Departure.Done());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    stop(member);
  }

  TestGroup logBytes(long bytes) {
    logBytes = bytes;
    return this;
  }

  TestGroup synchronous(boolean wait) {
    synchronous = wait;
    return this;
  }

  TestGroup joinersLeave(boolean leave) {
    joinersLeave = leave;
    return this;
  }

  TestGroup mayFound(boolean may) {
    mayFound = may;
    return this;
  }

  GroupSettings settings(String name) {
    Map<String, InetSocketAddress> list = joiners.get(name);
    return list == null
        ? new GroupSettings(name, addresses, directoryOf(name), synchronous, logBytes,
            mayFound ? Founding.Part.MAY_FOUND : Founding.Part.MAY_NOT_FOUND, false)
        : new GroupSettings(name, list, directoryOf(name), synchronous, logBytes, Founding.Part.JOINS, joinersLeave);
  }

  Path directoryOf(String name) {
    return directory.resolve(name);
  }

  Member start(String name) {
    return start(name, DEADLINE);
  }

  Member start(String name, Duration deadline) {
    RaftNode node = new RaftNode(settings(name));
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    Member member = new Member(node, new Proposals(node, deadline, meters), meters);
    members.put(name, member);
    node.start();
    return member;
  }

  TestGroup startAll() {
    addresses.keySet().forEach(this::start);
    awaitLeader();
    return this;
  }

  Collection<Member> running() {
    return List.copyOf(members.values());
  }

  Member get(String name) {
    Member member = members.get(name);
    if (member == null) {
      throw new IllegalArgumentException(name);
    }
    return member;
  }

  Member leader() {
    return members
        .values()
        .stream()
        .filter(member -> member.node().leads())
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no leader"));
  }

  Member follower() {
    return members.values().stream().filter(member -> !member.node().leads()).findFirst().orElseThrow();
  }

  /** Waits until all that run agree on a leader that runs. */
  void awaitLeader() {
    await().pollInterval(Duration.ofMillis(10)).atMost(PATIENCE).until(() -> {
      Collection<Member> all = members.values();
      return all.stream().map(member -> member.node().leaderName()).distinct().count() == 1
          && all.stream().filter(member -> member.node().leads()).count() == 1
          && all.stream().allMatch(member -> member.node().whyNotTakingPart().isEmpty());
    });
  }

  void awaitSame(Member... those) {
    await()
        .pollInterval(Duration.ofMillis(10))
        .atMost(PATIENCE)
        .until(() -> List.of(those).stream().map(member -> member.node().applied().value()).distinct().count() == 1);
  }

  /** As SIGKILL would: sockets close, nothing is said, what was written to the disk stays. */
  void kill(Member member) {
    members.remove(member.node().name());
    try {
      Util.shutdown(member.channel());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    member.node().close();
  }

  /** Kills it and takes its disk away. */
  void wipe(Member member) {
    kill(member);
    try {
      FileSystemUtils.deleteRecursively(directoryOf(member.name()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void stop(Member member) {
    members.remove(member.node().name());
    member.node().close();
  }

  /** Drops all that this member and the others send to each other; its connections stay open. */
  void isolate(Member member) {
    cut(member, new DISCARD().setAddress(member.channel().getAddress()).discardAll(true));
  }

  /** Drops all that this member sends to others; it hears them. */
  void mute(Member member) {
    cut(member, new DISCARD().setAddress(member.channel().getAddress()).setDownDiscardRate(1));
  }

  /** Drops all that others send to this member; they hear it. */
  void deafen(Member member) {
    cut(member, new DISCARD().setAddress(member.channel().getAddress()).setUpDiscardRate(1));
  }

  private static void cut(Member member, DISCARD cut) {
    try {
      member
          .channel()
          .getProtocolStack()
          .insertProtocol(cut, ProtocolStack.Position.ABOVE, TP.class);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  void heal(Member member) {
    member.channel().getProtocolStack().removeProtocol(DISCARD.class);
  }

  @Override
  public void close() {
    members.values().forEach(member -> member.node().close());
  }
}
