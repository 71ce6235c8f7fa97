package dev.statecraft.session.replicated;

import dev.statecraft.session.InvalidSettingException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the strategy {@code replicated}.
 *
 * @param members the nodes that found the group, the same on each, as {@code name=host:port}: the name is that node's
 * {@code statecraft.node}, the port is for the group's own traffic; an odd number, of which a majority must live. Who
 * belongs to the group later stands in its log, and a majority is one of those
 * @param directory where this node keeps its identity, its log and its snapshot; a node that comes back with it empty
 * is taken in anew, as another member, by the leader of those that are left. Guarantee: what was acknowledged survives
 * as long as a majority keep their disks, or lose them one after the other, each ready again before the next. Anomaly:
 * where a majority lose them at once, the rest waits and says so; where all do, all is lost
 * @param found whether nodes whose directories are all empty may found a group. Guarantee with {@code true}: the first
 * start needs nobody. Anomaly: if it was not the first, the group starts empty, and says so in its log only.
 * {@code false}, once it runs, makes the loss of every disk an outage that someone must look at
 * @param joins whether this node comes to a group that others have founded: {@code members} then names this node and
 * all that are members when it first comes, however many. Keep it while the node lives. Guarantee: it founds no group,
 * and is ready only when those who decide have brought it up to date and taken it in. Anomaly: an even number of
 * members survives the loss of no more than one less does; and founders that all lose their disks, though they are a
 * minority by now, found a second group beside the first unless they have {@code found=false}
 * @param address where this node is reached by the others, as {@code host:port}; needed only where {@code members} does
 * not name it. It then comes to the group as with {@code joins}, and all nodes can have the same list, which is that of
 * the founders
 * @param leaves whether a node that came to the group leaves it again when it ends in order; founders stay. Guarantee
 * with {@code true}: what is taken away for good does not count in a majority. Anomaly: one that is killed, or finds no
 * majority in its last 5 s, counts until a node of its name comes again; and each restart is a change of the members
 * @param reads what a read may miss
 * @param deadline for a whole operation, retries on a new leader included; after it, one 503
 * @param synchronous whether each write waits for the disk. Guarantee with {@code true}: an acknowledged write survives
 * the loss of power everywhere. Anomaly with {@code false}: it survives the death of every process, but where machines
 * lose power before their systems have written it, it survives only on those that do not; faster
 * @param logSize how far the log may grow before a snapshot replaces it
 */
@ConfigurationProperties("statecraft.session.replicated")
record ReplicatedProperties(
    @DefaultValue List<String> members, @Nullable Path directory, @DefaultValue("session") Reads reads,
    @DefaultValue("2s") Duration deadline, @DefaultValue("true") boolean synchronous,
    @DefaultValue("16MB") DataSize logSize, @DefaultValue("true") boolean found,
    @DefaultValue("false") boolean joins, @Nullable String address, @DefaultValue("false") boolean leaves) {
  private static final String PREFIX = "statecraft.session.replicated.";
  private static final Duration SHORTEST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofMinutes(1);
  private static final DataSize SMALLEST_LOG = DataSize.ofKilobytes(64);
  private static final DataSize LARGEST_LOG = DataSize.ofGigabytes(1);
  private static final int LARGEST_PORT = 65_535;

  ReplicatedProperties {
    members = List.copyOf(members);
    if (joins && members.size() < 2) {
      throw new InvalidSettingException(
          PREFIX + "members",
          members.isEmpty() ? "is missing" : "names this node alone, which is to join a group",
          "this node and all members of the group that it joins, as name=host:port,name=host:port");
    }
    if (!joins && members.size() % 2 == 0) {
      throw new InvalidSettingException(
          PREFIX + "members",
          members.isEmpty() ? "is missing" : "names " + members.size() + " members",
          "an odd number of members, as name=host:port,name=host:port,name=host:port, or " + PREFIX
              + "joins=true for a node that comes to a founded group");
    }
    if (deadline.compareTo(SHORTEST) < 0 || deadline.compareTo(LONGEST) > 0) {
      throw new InvalidSettingException(PREFIX + "deadline", "is " + deadline, "100ms to 1m");
    }
    if (logSize.compareTo(SMALLEST_LOG) < 0 || logSize.compareTo(LARGEST_LOG) > 0) {
      throw new InvalidSettingException(PREFIX + "log-size", "is " + logSize, "64KB to 1GB");
    }
  }

  /** What the member of this name needs to take its place. */
  GroupSettings settingsOf(String name) {
    Map<String, InetSocketAddress> addresses = new TreeMap<>();
    for (String member : members) {
      int equals = member.indexOf('=');
      InetSocketAddress listens = equals < 1 ? null : parse(member.substring(equals + 1));
      if (listens == null) {
        throw new InvalidSettingException(PREFIX + "members", "has the entry '" + member + "'", "name=host:port");
      }
      if (addresses.put(member.substring(0, equals).strip(), listens) != null) {
        throw new InvalidSettingException(PREFIX + "members", "names a member twice", "one entry for each");
      }
    }
    boolean comes = joins;
    if (!addresses.containsKey(name)) {
      addresses.put(name, ownAddress(name, addresses.keySet()));
      comes = true;
    }
    Path where = directory;
    if (where == null) {
      throw new InvalidSettingException(PREFIX + "directory", "is missing", "a directory that survives a restart");
    }
    return new GroupSettings(name, addresses, where, synchronous, logSize.toBytes(), part(comes), comes && leaves);
  }

  private InetSocketAddress ownAddress(String name, Set<String> named) {
    if (address == null) {
      throw new InvalidSettingException(
          "statecraft.node",
          "is " + name + ", which is not one of the members " + named,
          "one of their names, or " + PREFIX + "address for a node that comes to a founded group");
    }
    InetSocketAddress own = parse(address);
    if (own == null) {
      throw new InvalidSettingException(PREFIX + "address", "is '" + address + "'", "host:port");
    }
    return own;
  }

  private Founding.Part part(boolean comes) {
    if (comes) {
      return Founding.Part.JOINS;
    }
    return found ? Founding.Part.MAY_FOUND : Founding.Part.MAY_NOT_FOUND;
  }

  /** Null where it is not host:port. */
  private static @Nullable InetSocketAddress parse(String address) {
    int colon = address.lastIndexOf(':');
    try {
      int port = Integer.parseInt(address.substring(colon + 1).strip());
      return colon < 1 || port < 1 || port > LARGEST_PORT
          ? null
          : new InetSocketAddress(address.substring(0, colon), port);
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
