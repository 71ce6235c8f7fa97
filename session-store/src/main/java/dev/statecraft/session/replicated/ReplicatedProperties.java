package dev.statecraft.session.replicated;

import dev.statecraft.session.InvalidSettingException;
import dev.statecraft.session.adapter.ClusterMembers;
import dev.statecraft.session.adapter.ClusterMembers.Address;
import dev.statecraft.session.replicated.consensus.GroupSettings;
import dev.statecraft.session.replicated.consensus.GroupSettings.StartMode;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the strategy {@code replicated}.
 *
 * @param members the nodes that found the group, the same list on each, as {@code name=host:port}: the name is that
 * node's {@code statecraft.node}, the port is for traffic within the group. An odd number; a majority must be alive.
 * The log holds later members, and a majority of those counts
 * @param directory for this node's identity, log and snapshot. A node that restarts with an empty directory joins as a
 * new member. Guarantee: acknowledged writes survive as long as a majority keep their disks, or lose them one at a
 * time, each ready again before the next. Anomaly: if a majority lose their disks at once, the others wait and report
 * it; if all do, all data is lost
 * @param found whether nodes with empty directories may found a group. Guarantee with {@code true}: the first start
 * needs no operator. Anomaly: after the loss of all disks the group starts empty, and only a log line tells so. With
 * {@code false}, the loss of all disks is an outage that an operator must handle
 * @param joins whether this node joins a group that others have founded: {@code members} then names this node and all
 * members at the time when it first joins, any number. Keep it for the node's lifetime. Guarantee: it founds no group,
 * and is ready only when it has caught up and the group has added it. Anomaly: an even number of members survives no
 * more failures than one member less; and if the founders are a minority of the group and all lose their disks, they
 * found a second group, unless they have {@code found=false}
 * @param address where other nodes reach this node, as {@code host:port}; needed only if {@code members} does not name
 * it. The node then joins as with {@code joins}, and all nodes can have the same list, that of the founders
 * @param leaves whether a node that joined a founded group leaves it on shutdown; founders stay. Guarantee with
 * {@code true}: a node that is shut down for good does not count in a majority. Anomaly: a node that is killed, or
 * finds no majority during the 5 s of its shutdown, counts until a node of the same name joins; and each restart
 * changes the members
 * @param reads what a read may miss
 * @param deadline for a whole operation, including retries with a new leader; after it, one 503
 * @param synchronous whether each write waits for the disk. Guarantee with {@code true}: an acknowledged write survives
 * a power failure of all machines. Anomaly with {@code false}: it survives the death of every process, but a power
 * failure only on machines that have written it to disk; faster
 * @param logSize size that the log may reach before a snapshot replaces it
 */
@ConfigurationProperties("statecraft.session.replicated")
record ReplicatedProperties(
    @DefaultValue List<String> members, @Nullable Path directory, @DefaultValue("session") Reads reads,
    @DefaultValue("2s") Duration deadline, @DefaultValue("true") boolean synchronous,
    @DefaultValue("16MB") DataSize logSize, @DefaultValue("true") boolean found,
    @DefaultValue("false") boolean joins, @Nullable String address, @DefaultValue("false") boolean leaves) {
  private static final String PREFIX = "statecraft.session.replicated.";
  private static final Duration MIN_DEADLINE = Duration.ofMillis(100);
  private static final Duration MAX_DEADLINE = Duration.ofMinutes(1);
  private static final DataSize MIN_LOG_SIZE = DataSize.ofKilobytes(64);
  private static final DataSize MAX_LOG_SIZE = DataSize.ofGigabytes(1);

  ReplicatedProperties {
    members = List.copyOf(members);
    if (joins && members.size() < 2) {
      throw new InvalidSettingException(
          PREFIX + "members",
          members.isEmpty() ? "is missing" : "names only this node, although joins=true",
          "this node and all members of the group that it joins, as name=host:port,name=host:port");
    }
    if (!joins && members.size() % 2 == 0) {
      throw new InvalidSettingException(
          PREFIX + "members",
          members.isEmpty() ? "is missing" : "names " + members.size() + " members",
          "an odd number of members, as name=host:port,name=host:port,name=host:port, or " + PREFIX
              + "joins=true for a node that joins a founded group");
    }
    InvalidSettingException.requireRange(PREFIX + "deadline", deadline, MIN_DEADLINE, MAX_DEADLINE, "100ms to 1m");
    if (logSize.compareTo(MIN_LOG_SIZE) < 0 || logSize.compareTo(MAX_LOG_SIZE) > 0) {
      throw new InvalidSettingException(PREFIX + "log-size", "is " + logSize, "64KB to 1GB");
    }
  }

  /** Settings of the member with this name. */
  GroupSettings settingsOf(String name) {
    ClusterMembers listed = ClusterMembers.parse(PREFIX, members, address, name);
    Map<String, InetSocketAddress> addresses = new TreeMap<>();
    listed.named().forEach((member, listens) -> addresses.put(member, socketAddress(listens)));
    boolean isListed = addresses.putIfAbsent(name, socketAddress(listed.own())) != null;
    boolean joinsGroup = joins || !isListed;
    Path path = directory;
    if (path == null) {
      throw new InvalidSettingException(PREFIX + "directory", "is missing", "a directory that survives a restart");
    }
    return new GroupSettings(
        name, addresses, path, synchronous, logSize.toBytes(), startMode(joinsGroup), joinsGroup && leaves);
  }

  private StartMode startMode(boolean joinsGroup) {
    if (joinsGroup) {
      return StartMode.JOINS;
    }
    return found ? StartMode.MAY_FOUND : StartMode.MAY_NOT_FOUND;
  }

  private static InetSocketAddress socketAddress(Address address) {
    return new InetSocketAddress(address.host(), address.port());
  }
}
