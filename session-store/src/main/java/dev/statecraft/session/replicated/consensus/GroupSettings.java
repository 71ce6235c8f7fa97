package dev.statecraft.session.replicated.consensus;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a node needs to join its group.
 *
 * @param name of this node; a key of {@code members}
 * @param members addresses of this node and of the nodes that it contacts first; the log holds who else is a member
 * @param directory for this node's identity, log and snapshot
 * @param synchronous whether each append waits for the disk
 * @param logBytes size that the log may reach before a snapshot replaces it
 * @param leaveOnClose whether the node leaves the group when it is closed
 */
public record GroupSettings(
    String name, Map<String, InetSocketAddress> members, Path directory, boolean synchronous, long logBytes,
    StartMode startMode, boolean leaveOnClose) {

  /** What a node does while it belongs to no group. */
  public enum StartMode {
    /** Founds a group with all configured nodes if their disks are empty too. */
    MAY_FOUND,
    /** Waits if all disks are empty: the group was founded earlier. */
    MAY_NOT_FOUND,
    /** Joins a group that other nodes have founded. */
    JOINS
  }

  public GroupSettings {
    members = Collections.unmodifiableMap(new TreeMap<>(members));
    if (!members.containsKey(name)) {
      throw new IllegalArgumentException(name + " is not one of " + members.keySet());
    }
  }

  public InetSocketAddress address() {
    InetSocketAddress address = members.get(name);
    if (address == null) {
      throw new IllegalStateException(name + " has no address");
    }
    return address;
  }
}
